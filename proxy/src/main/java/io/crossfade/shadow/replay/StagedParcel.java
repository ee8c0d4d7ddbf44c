package io.crossfade.shadow.replay;

import java.util.List;
import java.util.Map;

/**
 * A slice of a long backlog that lies on the shadow's stage, where only its session sees it.
 *
 * @param entries the journal entries that end with these rows
 * @param counts for each table what lies there
 * @param stage where it lies
 */
record StagedParcel(List<Long> entries, Map<Table, Count> counts, Stage stage) {
    /**
     * Of one table.
     *
     * @param present how many rows exist on the authority
     * @param gone how many do not
     */
    record Count(long present, long gone) {}
}
