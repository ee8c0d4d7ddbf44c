package io.crossfade.shadow.install;

import io.crossfade.call.Repository;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads what is in a database, and finds all that stands in the way of capturing it. */
final class InventoryReader {
    private static final String TABLES = Sql.resource("/install/tables.sql");

    private final List<String> schemas;
    private final Predicate<String> wanted;
    private final Map<String, Row> registered = new HashMap<>();
    private final Map<String, String> authorities = new HashMap<>();
    private final List<Table> tables = new ArrayList<>();
    private final List<Table> all = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private @Nullable Identity identity;
    private @Nullable Identity witness;

    private InventoryReader(List<String> schemas, Predicate<String> wanted) {
        this.schemas = schemas;
        this.wanted = wanted;
    }

    /**
     * Reads it.
     *
     * @param schemas the exposed schemas
     * @param wanted which repositories matter
     */
    static Future<Inventory> read(SqlConnection connection, List<String> schemas, Predicate<String> wanted) {
        InventoryReader reader = new InventoryReader(schemas, wanted);
        return DatabaseRefusals.of(connection).compose(found -> {
            reader.refusals.addAll(found.refusals());
            // An old server does not know what is asked for next.
            return found.tooOld()
                    ? Future.succeededFuture(reader.inventory(found.installed()))
                    : reader.readRegistered(connection, found.installed())
                            .compose(installed -> reader.readTables(connection))
                            .map(read -> reader.inventory(found.installed()));
        });
    }

    private Inventory inventory(boolean installed) {
        return new Inventory(installed, identity, witness, authorities, tables, all, ids(), refusals, notes);
    }

    private Future<Void> readTables(SqlConnection connection) {
        return connection
                .preparedQuery(TABLES)
                .execute(Tuple.of(schemas.toArray(String[]::new)))
                .onSuccess(this::readTables)
                .mapEmpty();
    }

    private Future<Boolean> readRegistered(SqlConnection connection, boolean installed) {
        if (!installed) {
            return Future.succeededFuture(false);
        }
        return connection
                .query("SELECT r.id, r.name, r.group_name, r.table_oid::bigint AS oid, r.key_columns, r.columns, "
                        + Fingerprint.COLUMNS + " AS columns_now, r.fingerprint = " + Fingerprint.SQL
                        + " AND NOT EXISTS (SELECT FROM crossfade.capture AS c WHERE r.name = ANY (c.repositories))"
                        + " AS current FROM crossfade.repository AS r")
                .execute()
                .onSuccess(rows -> rows.forEach(row -> registered.put(row.getString("name"), row)))
                .compose(rows -> connection
                        .query("SELECT " + Identity.SQL + ", w.identity, w.position"
                                + " FROM (VALUES (true)) AS one LEFT JOIN crossfade.witness AS w ON true")
                        .execute())
                .map(rows -> {
                    Row row = rows.iterator().next();
                    identity = Identity.of(row, 0);
                    witness = Identity.of(row, 2);
                    return true;
                })
                .compose(read -> connection
                        .query("SELECT group_name, authority FROM crossfade.state WHERE moving_to IS NULL")
                        .execute()
                        .map(rows -> {
                            rows.forEach(row -> authorities.put(row.getString(0), row.getString(1)));
                            return read;
                        }));
    }

    private void readTables(RowSet<Row> rows) {
        for (Row row : rows) {
            String repository = repository(row.getString("schema"), row.getString("name"));
            String kind = row.getString("kind");
            if (kind.equals("r") || kind.equals("p")) {
                readTable(repository, row);
            } else if (wanted.test(repository)) {
                notes.add(repository + " is "
                        + (kind.equals("f")
                                ? "a foreign table: what changes in it is not captured"
                                : "a view: the tables beneath it are captured"));
            }
        }
    }

    private void readTable(String repository, Row row) {
        String name = row.getString("qualified");
        List<KeyColumn> key = key(row);
        Table table = table(repository, name, key, row);
        all.add(table);
        if (!wanted.test(repository)) {
            return;
        }
        List<Refusal> problems = TableRefusals.of(name, key, row);
        refusals.addAll(problems);
        if (problems.isEmpty()) {
            tables.add(table);
            describe(repository, table);
        }
    }

    private Table table(String repository, String name, List<KeyColumn> key, Row row) {
        // By its number first: a table that was renamed keeps its triggers.
        Optional<Row> known = registered.values().stream()
                .filter(was -> was.getLong("oid").equals(row.getLong("oid")))
                .findFirst()
                .or(() -> Optional.ofNullable(registered.get(repository)));
        boolean current = known.map(was -> was.getBoolean("current")
                        && was.getString("name").equals(repository)
                        && was.getLong("oid").equals(row.getLong("oid"))
                        && List.of(was.getArrayOfStrings("key_columns"))
                                .equals(key.stream().map(KeyColumn::name).toList()))
                .orElse(false);
        List<Table.ForeignKeyName> foreignKeys = new ArrayList<>();
        String[] foreignNames = row.getArrayOfStrings("foreign_names");
        for (int i = 0; i < foreignNames.length; i++) {
            foreignKeys.add(new Table.ForeignKeyName(row.getArrayOfStrings("foreign_relations")[i], foreignNames[i]));
        }
        return new Table(
                repository,
                name,
                row.getLong("oid"),
                row.getString("kind").equals("p"),
                key,
                Set.of(row.getArrayOfStrings("unique_columns")),
                List.of(row.getArrayOfStrings("partitions")),
                foreignKeys,
                Set.of(row.getArrayOfLongs("foreign_references")),
                Set.of(row.getArrayOfStrings("capturing")),
                known.map(was -> was.getInteger("id")).orElse(0),
                known.map(was -> was.getString("group_name")).orElse(""),
                current);
    }

    /** What changed of a table that was installed before. */
    private void describe(String repository, Table table) {
        registered.values().stream()
                .filter(was -> was.getLong("oid").equals(table.oid()))
                .findFirst()
                .flatMap(was -> ChangedColumns.between(
                        List.of(was.getArrayOfStrings("columns")), List.of(was.getArrayOfStrings("columns_now"))))
                .ifPresent(change -> notes.add(repository + ": " + change));
    }

    private Map<String, Integer> ids() {
        Map<String, Integer> ids = new HashMap<>();
        registered.forEach((name, row) -> ids.put(name, row.getInteger("id")));
        return ids;
    }

    private static List<KeyColumn> key(Row row) {
        String[] names = row.getArrayOfStrings("key_names");
        String[] types = row.getArrayOfStrings("key_types");
        List<KeyColumn> key = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            key.add(new KeyColumn(names[i], types[i]));
        }
        return key;
    }

    private String repository(String schema, String name) {
        return schema.equals(schemas.get(0))
                ? Repository.ofDefaultSchema(schema, name).name()
                : Repository.ofOtherSchema(schema, name).name();
    }
}
