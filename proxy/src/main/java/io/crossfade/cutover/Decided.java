package io.crossfade.cutover;

import java.util.List;
import java.util.Map;

/**
 * What came of a decision about unreplayed rows.
 *
 * @param done how many are off the list
 * @param changedSince how many stay on it because their row was written on the authority since it took the writes
 * @param tables how many stay on it because they mean a whole table, which can only be discarded
 * @param refused how many stay on it because the authority would not take their row, by SQLSTATE
 * @param problems which side did not answer, a sentence for each; its list is as it was
 */
public record Decided(long done, long changedSince, long tables, Map<String, Long> refused, List<String> problems) {
    public Decided {
        refused = Map.copyOf(refused);
        problems = List.copyOf(problems);
    }
}
