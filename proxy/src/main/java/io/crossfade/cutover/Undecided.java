package io.crossfade.cutover;

import io.crossfade.migration.Side;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row that one side had written as the authority and that the other lacked when it took the writes, beside the row as it
 * stands on the authority now.
 *
 * @param side where it is listed, which is where it was written
 * @param id on that side
 * @param table whether a whole table is meant, because nobody knows which of its rows are; there are no columns then
 * @param there whether the row was there on that side; deleted otherwise
 * @param onAuthority whether the authority has the row
 * @param changedSince whether the authority's row was written since it took the writes, or nobody can tell
 * @param columns of both, the key's first
 */
public record Undecided(
        Side side,
        long id,
        String repository,
        String group,
        boolean table,
        boolean there,
        boolean onAuthority,
        boolean changedSince,
        OffsetDateTime listedAt,
        List<Column> columns) {
    public Undecided {
        columns = List.copyOf(columns);
    }

    /** The names of the columns in which the two rows differ. */
    public List<String> differing() {
        return columns.stream().filter(Column::differs).map(Column::name).toList();
    }

    /**
     * A column.
     *
     * @param type as the authority has it; null where it has no such column
     * @param listed as the row stood on the side that lost the writes; null where it was not there
     * @param present as it stands on the authority; null where it is not there
     */
    public record Column(
            String name,
            @Nullable String type,
            boolean key,
            boolean differs,
            @Nullable Value listed,
            @Nullable Value present) {}

    /**
     * A value, hidden unless it was asked for.
     *
     * @param length in characters; null for SQL NULL
     * @param hash equal for equal values of one list; made with a secret that the database keeps; null for SQL NULL
     * @param text the value itself, where it was asked for; null otherwise
     */
    public record Value(
            @Nullable Integer length,
            @Nullable String hash,
            @Nullable String text) {}
}
