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
    private int version;
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
        return reader.readDatabase(connection)
                .compose(installed -> reader.readRegistered(connection, installed))
                .compose(installed -> connection
                        .preparedQuery(TABLES)
                        .execute(Tuple.of(schemas.toArray(String[]::new)))
                        .onSuccess(reader::readTables)
                        .map(rows -> new Inventory(
                                installed,
                                reader.identity,
                                reader.witness,
                                reader.authorities,
                                reader.tables,
                                reader.all,
                                reader.ids(),
                                reader.refusals,
                                reader.notes)));
    }

    private Future<Boolean> readDatabase(SqlConnection connection) {
        return connection.query("""
                        SELECT to_regclass('crossfade.undo') IS NOT NULL AS installed,
                               to_regnamespace('crossfade') IS NOT NULL AS taken,
                               has_database_privilege(current_database(), 'CREATE') AS may_create,
                               current_setting('server_version_num')::integer AS version,
                               current_setting('server_version') AS version_name,
                               current_user::text AS role,
                               quote_ident(current_database()) AS database
                        """).execute().map(rows -> {
            Row row = rows.iterator().next();
            String database = "database " + row.getString("database");
            boolean installed = row.getBoolean("installed");
            version = row.getInteger("version");
            if (version < 120_000) {
                refuse(
                        database,
                        "PostgreSQL " + row.getString("version_name") + " is too old",
                        "Upgrade it to PostgreSQL 12 or newer.");
            }
            if (!installed && row.getBoolean("taken")) {
                refuse(
                        database,
                        "a schema named crossfade is there that Crossfade did not make",
                        "Rename it: ALTER SCHEMA crossfade RENAME TO another_name.");
            } else if (!installed && !row.getBoolean("may_create")) {
                refuse(
                        database,
                        "role " + row.getString("role") + " may not create a schema",
                        "Run as the database's owner: GRANT CREATE ON DATABASE " + row.getString("database") + " TO "
                                + row.getString("role") + ";");
            }
            return installed;
        });
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
        int refused = refusals.size();
        if (key.isEmpty()) {
            refuse(
                    name,
                    "has no key by which a row can be found again",
                    "Add a primary key, or a UNIQUE index on NOT NULL columns.");
        }
        if (row.getBoolean("inherits")) {
            refuse(
                    name,
                    "is part of an inheritance tree",
                    "Make it a partitioned table, or end the inheritance with ALTER TABLE … NO INHERIT ….");
        }
        if (row.getBoolean("subscribed")) {
            refuse(
                    name,
                    "is fed by a logical subscription, whose writes must not be sent back",
                    "Drop the table from the subscription first.");
        }
        if (!row.getBoolean("owned")) {
            refuse(
                    name,
                    "belongs to role " + row.getString("owner") + ", and only its owner may add triggers",
                    "Log in as that role, or as a member of it.");
        }
        KeyRefusals.of(name, key).ifPresent(refusals::add);
        if (version < 130_000 && table.partitioned()) {
            refuse(
                    name,
                    "is a partitioned table, which PostgreSQL 12 cannot keep writers out of: row triggers that fire BEFORE"
                            + " need PostgreSQL 13",
                    "Upgrade the server, or leave this table out with --repository.");
        }
        if (refusals.size() == refused) {
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

    private void refuse(String subject, String problem, String remedy) {
        refusals.add(new Refusal(subject, problem, remedy));
    }
}
