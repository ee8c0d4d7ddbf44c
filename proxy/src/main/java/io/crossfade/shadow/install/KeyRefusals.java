package io.crossfade.shadow.install;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Keys by which a row cannot be found again for certain: for their type, or because the other side knows no such key. */
final class KeyRefusals {
    private static final Map<String, String> PROBLEMS = Map.of(
            "extension", "whose type comes from an extension (such as citext), where two texts can be one key",
            "nondeterministic", "whose collation is not deterministic, where two texts can be one key");

    private KeyRefusals() {}

    /** What is wrong with the key of one table. */
    static Optional<Refusal> of(String table, List<KeyColumn> key) {
        return key.stream()
                .filter(column -> PROBLEMS.containsKey(column.type()))
                .findFirst()
                .map(column -> new Refusal(
                        table,
                        "has the key column " + column.name() + ", " + PROBLEMS.get(column.type()),
                        "Add a column of a built-in type and make it the primary key: ALTER TABLE " + table
                                + " ADD key_for_crossfade uuid NOT NULL UNIQUE DEFAULT gen_random_uuid();"));
    }

    /**
     * Tables of one side whose rows cannot be found by the key of the other: replay names rows by the key of the side that
     * they come from.
     */
    static List<Refusal> between(List<Table> from, List<Table> to) {
        Map<String, Table> byName = to.stream().collect(Collectors.toMap(Table::repository, Function.identity()));
        List<Refusal> refusals = new ArrayList<>();
        for (Table table : from) {
            Table same = byName.get(table.repository());
            if (same != null
                    && !same.keyColumns().equals(table.keyColumns())
                    && !same.uniques().contains(table.keyColumns())) {
                refusals.add(new Refusal(
                        same.name(),
                        "has no unique index on " + table.keyColumns()
                                + ", the key of the same table on the other side",
                        "CREATE UNIQUE INDEX ON " + same.name() + " (" + table.keyColumns() + ");"));
            }
        }
        return refusals;
    }
}
