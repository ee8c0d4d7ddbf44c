package io.crossfade.property;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Tables that refer to each other; prints as the SQL that makes them. */
record MadeUpSchema(List<MadeUpTable> tables) {
    MadeUpTable table(int number) {
        return tables.get(number % tables.size());
    }

    String sql() {
        List<String> statements = new ArrayList<>();
        tables.forEach(table -> statements.add(table.create(tables)));
        tables.forEach(table -> statements.addAll(table.relate(tables)));
        return String.join(";\n", statements);
    }

    @Override
    public String toString() {
        return tables.stream().map(MadeUpTable::name).collect(Collectors.joining(", ", "-- ", "\n")) + sql() + ";";
    }
}
