package io.crossfade.call;

import java.util.List;

/**
 * What to do with a row that is there already.
 *
 * @param columns the conflict target; empty means the primary key
 * @param resolution update the row that is there, or leave it
 */
public record OnConflict(List<String> columns, Resolution resolution) {
    public OnConflict {
        columns = List.copyOf(columns);
    }

    /** Merge or ignore. */
    public enum Resolution {
        MERGE_DUPLICATES,
        IGNORE_DUPLICATES
    }
}
