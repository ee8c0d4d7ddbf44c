package io.crossfade.shadow.reconcile;

import io.crossfade.sides.Identifiers;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A captured table as one side has it.
 *
 * @param relation quoted
 * @param key names of the key's columns, in their order
 * @param columns those that hold values of their own; what the database computes is left out
 */
record StoredTable(String repository, String relation, List<String> key, List<Column> columns) {
    /** With modifier -1, because character without one means character(1). */
    private static final String SQL = """
            SELECT r.name, n.nspname, c.relname, r.key_columns, array_agg(a.attname::text ORDER BY a.attnum),
              array_agg(format_type(a.atttypid, -1) ORDER BY a.attnum), array_agg(a.attidentity = 'a' ORDER BY a.attnum)
            FROM crossfade.repository AS r
              JOIN pg_catalog.pg_class AS c ON c.oid = r.table_oid
              JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND a.attgenerated = ''
            WHERE %s
            GROUP BY r.name, n.nspname, c.relname, r.key_columns ORDER BY r.name""";

    StoredTable {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    /** A column. */
    record Column(String name, String type, boolean identityAlways) {
        String quoted() {
            return Identifiers.quote(name);
        }
    }

    static Future<List<StoredTable>> ofGroup(Queries side, String group) {
        return read(side, "r.group_name = $1", group);
    }

    /** Empty where that side has no such repository. */
    static Future<Optional<StoredTable>> of(Queries side, String repository) {
        return read(side, "r.name = $1", repository)
                .map(tables -> tables.stream().findFirst());
    }

    private static Future<List<StoredTable>> read(Queries side, String which, String name) {
        return side.run(SQL.formatted(which), Tuple.of(name)).map(rows -> {
            List<StoredTable> tables = new ArrayList<>();
            for (Row row : rows) {
                List<Column> columns = new ArrayList<>();
                for (int i = 0; i < row.getArrayOfStrings(4).length; i++) {
                    columns.add(new Column(
                            row.getArrayOfStrings(4)[i], row.getArrayOfStrings(5)[i], row.getArrayOfBooleans(6)[i]));
                }
                tables.add(new StoredTable(
                        row.getString(0),
                        Identifiers.quote(row.getString(1), row.getString(2)),
                        List.of(row.getArrayOfStrings(3)),
                        columns));
            }
            return tables;
        });
    }

    /** All columns of {@code t} as text, as one array. */
    String image() {
        return columns.stream()
                .map(column -> "t." + column.quoted() + "::text")
                .collect(Collectors.joining(", ", "ARRAY[", "]::text[]"));
    }

    /** That {@code t} is the row with this key, which is an array of texts. */
    String hasKey(String keys) {
        return IntStream.range(0, key.size())
                .mapToObj(i -> "t." + Identifiers.quote(key.get(i)) + " = (" + keys + ")[" + (i + 1) + "]::"
                        + type(key.get(i)))
                .collect(Collectors.joining(" AND "));
    }

    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    private String type(String name) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .map(Column::type)
                .findFirst()
                .orElse("text");
    }
}
