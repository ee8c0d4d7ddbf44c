package io.crossfade.catalog;

import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/** Reads the catalogue of one database in a single snapshot. */
final class CatalogReader {
    private static final String RELATIONS = sql("relations");
    private static final String COLUMNS = sql("columns");
    private static final String FOREIGN_KEYS = sql("foreign_keys");
    private static final String FUNCTIONS = sql("functions");

    private CatalogReader() {}

    /**
     * Reads everything that the front doors need to know.
     *
     * @param schemas the exposed schemas
     * @return the catalogue, or the failure of the first query that failed
     */
    static Future<Catalog> read(Database database, List<String> schemas) {
        return database.inSnapshot(connection -> read(connection, Tuple.of(schemas.toArray(String[]::new))));
    }

    private static Future<Catalog> read(SqlConnection connection, Tuple schemas) {
        Future<RowSet<Row>> relations = query(connection, RELATIONS, schemas);
        Future<RowSet<Row>> columns = query(connection, COLUMNS, schemas);
        Future<RowSet<Row>> foreignKeys = query(connection, FOREIGN_KEYS, schemas);
        Future<RowSet<Row>> functions = query(connection, FUNCTIONS, schemas);
        return Future.all(relations, columns, foreignKeys, functions)
                .map(all -> new Catalog(
                        relations(
                                relations.result(),
                                groupByRelation(columns.result(), CatalogReader::column),
                                groupByRelation(foreignKeys.result(), CatalogReader::foreignKey)),
                        functions(functions.result())));
    }

    private static Future<RowSet<Row>> query(SqlConnection connection, String sql, Tuple schemas) {
        return connection.preparedQuery(sql).execute(schemas);
    }

    private static Map<String, Map<String, Relation>> relations(
            RowSet<Row> rows, Map<Long, List<Column>> columns, Map<Long, List<ForeignKey>> foreignKeys) {
        Map<String, Map<String, Relation>> bySchema = new HashMap<>();
        for (Row row : rows) {
            Long oid = row.getLong("oid");
            Map<String, Column> byName = new LinkedHashMap<>();
            columns.getOrDefault(oid, List.of()).forEach(column -> byName.put(column.name(), column));
            Relation relation = new Relation(
                    row.getString("schema"),
                    row.getString("name"),
                    kind(row.getString("kind")),
                    byName,
                    List.of(row.getArrayOfStrings("primary_key")),
                    foreignKeys.getOrDefault(oid, List.of()));
            bySchema.computeIfAbsent(relation.schema(), schema -> new LinkedHashMap<>())
                    .put(relation.name(), relation);
        }
        return bySchema;
    }

    private static <T> Map<Long, List<T>> groupByRelation(RowSet<Row> rows, java.util.function.Function<Row, T> read) {
        Map<Long, List<T>> grouped = new HashMap<>();
        rows.forEach(row -> grouped.computeIfAbsent(row.getLong("oid"), oid -> new ArrayList<>())
                .add(read.apply(row)));
        return grouped;
    }

    private static Column column(Row row) {
        return new Column(
                row.getString("name"),
                row.getString("type"),
                row.getBoolean("textual"),
                row.getString("default_expression"),
                row.getBoolean("generated"));
    }

    private static ForeignKey foreignKey(Row row) {
        return new ForeignKey(
                row.getString("name"),
                List.of(row.getArrayOfStrings("columns")),
                row.getString("referenced_schema"),
                row.getString("referenced_relation"),
                List.of(row.getArrayOfStrings("referenced_columns")));
    }

    private static Relation.Kind kind(String relkind) {
        return switch (relkind) {
            case "p" -> Relation.Kind.PARTITIONED_TABLE;
            case "v" -> Relation.Kind.VIEW;
            case "m" -> Relation.Kind.MATERIALIZED_VIEW;
            case "f" -> Relation.Kind.FOREIGN_TABLE;
            default -> Relation.Kind.TABLE;
        };
    }

    private static Map<String, Map<String, List<Function>>> functions(RowSet<Row> rows) {
        Map<String, Map<String, List<Function>>> bySchema = new HashMap<>();
        for (Row row : rows) {
            Function function = new Function(
                    row.getString("schema"),
                    row.getString("name"),
                    parameters(row),
                    Function.Returns.valueOf(row.getString("returns")),
                    row.getBoolean("returns_set"),
                    resultColumns(row));
            bySchema.computeIfAbsent(function.schema(), schema -> new HashMap<>())
                    .computeIfAbsent(function.name(), name -> new ArrayList<>())
                    .add(function);
        }
        return bySchema;
    }

    private static List<Function.Parameter> parameters(Row row) {
        String[] names = row.getArrayOfStrings("parameter_names");
        String[] types = row.getArrayOfStrings("parameter_types");
        int required = names.length - row.getInteger("defaults");
        boolean variadic = row.getBoolean("variadic");
        BiFunction<Integer, String, Function.Parameter> parameter =
                (i, name) -> new Function.Parameter(name, types[i], i < required, variadic && i == names.length - 1);
        List<Function.Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            parameters.add(parameter.apply(i, names[i]));
        }
        return parameters;
    }

    private static Map<String, Column> resultColumns(Row row) {
        String[] names = row.getArrayOfStrings("column_names");
        String[] types = row.getArrayOfStrings("column_types");
        Boolean[] textual = row.getArrayOfBooleans("column_textual");
        Map<String, Column> columns = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            columns.put(names[i], new Column(names[i], types[i], textual[i], null, false));
        }
        return columns;
    }

    private static String sql(String name) {
        try (InputStream in = CatalogReader.class.getResourceAsStream("/catalog/" + name + ".sql")) {
            return new String(
                    Objects.requireNonNull(in, "catalogue query " + name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
