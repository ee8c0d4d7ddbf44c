package io.crossfade.shadow.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One repository as the two sides have it, and the SQL that moves its rows.
 *
 * @param repository the name
 * @param journalId how the authority's journal names it
 * @param from the authority's table, quoted
 * @param to the shadow's table, quoted
 * @param key places of the key's columns in {@code columns}
 * @param columns what is replayed: columns that both sides have and that the shadow does not compute
 * @param uniques on the shadow, apart from the key
 * @param dependants foreign keys of the shadow whose action would change or delete rows with a row of this table
 */
record Table(
        String repository,
        int journalId,
        String from,
        String to,
        List<Integer> key,
        List<Pair> columns,
        List<Unique> uniques,
        List<Dependant> dependants) {
    Table {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
        uniques = List.copyOf(uniques);
        dependants = List.copyOf(dependants);
    }

    /** There is one object for each table, and it is looked up for every row. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return repository.hashCode();
    }

    /** Columns of a unique index, as places in the table's columns. */
    record Unique(List<Integer> columns, boolean nullsAreEqual) {}

    /**
     * Rows of another table, or of the same, that refer to this one.
     *
     * @param self whether it is the same table
     */
    record Dependant(String table, List<String> columns, List<String> referenced, boolean self) {}
}
