package io.crossfade.shadow.install;

import io.crossfade.migration.Side;
import io.crossfade.shadow.install.FencedTable.Trigger;
import io.crossfade.sides.Identifiers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses writes on the side that is not the authority, by triggers in the database itself, so that neither a stale proxy
 * nor a forgotten script can split the data.
 *
 * <p>Raising it is the barrier: it waits for the writers in flight, and whoever writes later is refused. Readers never
 * wait. All of it works inside the caller's transaction, so that the fence changes together with the state that says why.
 *
 * <p>Threads: any; one call at a time on a connection.
 */
public final class Fence {
    private static final String QUERY = Sql.resource("/install/fence.sql");

    private final Patience patience;

    public Fence(Vertx vertx) {
        this.patience = new Patience(vertx);
    }

    /** One that gives up sooner than usual. */
    public static Fence withTries(Vertx vertx, int tries) {
        return new Fence(new Patience(vertx, tries));
    }

    Fence(Patience patience) {
        this.patience = patience;
    }

    /**
     * Raises the fence on this side and silences the application's own triggers there; what is raised already stays.
     *
     * @param connection with an open transaction, which the caller commits
     * @param authority the other side
     */
    public Future<Void> raise(SqlConnection connection, Collection<String> repositories, Side authority) {
        return locked(connection, repositories)
                .compose(tables -> Sql.runAll(
                        connection,
                        tables.stream()
                                .flatMap(table ->
                                        Stream.concat(FenceSql.raise(table, authority).stream(), silence(table)))
                                .toList()))
                // Not over one that is known: that would hide that somebody changed it meanwhile.
                .compose(raised -> connection
                        .preparedQuery("UPDATE crossfade.repository AS r SET fence = " + Fingerprint.FENCE
                                + " WHERE r.name = ANY ($1::text[]) AND r.fence IS NULL")
                        .execute(Tuple.of(repositories.toArray(String[]::new)))
                        .mapEmpty());
    }

    /** Puts the capture triggers of a shadow back that a script disabled together with its fence. */
    public static Future<Void> putCaptureBack(SqlConnection connection, Collection<String> repositories) {
        String work = """
                DECLARE
                  which record;
                BEGIN
                  FOR which IN
                    SELECT t.tgrelid::regclass AS relation, t.tgname FROM pg_catalog.pg_trigger AS t
                    WHERE t.tgname LIKE 'crossfade\\_capture\\_%' AND t.tgenabled <> 'A'
                      AND t.tgrelid IN (SELECT p.relid FROM crossfade.repository AS r,
                          pg_catalog.pg_partition_tree(r.table_oid::regclass) AS p
                        WHERE r.name = ANY (ARRAY[names]::text[])
                        UNION SELECT r.table_oid FROM crossfade.repository AS r WHERE r.name = ANY (ARRAY[names]::text[]))
                  LOOP
                    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', which.relation, which.tgname);
                  END LOOP;
                END""".replace(
                        "names", repositories.stream().map(Identifiers::literal).collect(Collectors.joining(",")));
        // Only where the table itself is as it was: a change of it is for an operator to see.
        return Sql.run(connection, "DO" + Identifiers.literal(work))
                .compose(back -> connection
                        .preparedQuery("UPDATE crossfade.repository AS r SET fingerprint = " + Fingerprint.SQL
                                + " WHERE r.name = ANY ($1::text[]) AND split_part(r.fingerprint, ':', 1) = split_part("
                                + Fingerprint.SQL + ", ':', 1)")
                        .execute(Tuple.of(repositories.toArray(String[]::new)))
                        .mapEmpty());
    }

    /** How the fence of each repository looks in this transaction, by name. */
    public static Future<Map<String, String>> looks(SqlConnection connection, Collection<String> repositories) {
        return connection
                .preparedQuery("SELECT r.name, " + Fingerprint.FENCE
                        + " FROM crossfade.repository AS r WHERE r.name = ANY ($1::text[])")
                .execute(Tuple.of(repositories.toArray(String[]::new)))
                .map(rows -> {
                    Map<String, String> looks = new HashMap<>();
                    rows.forEach(row -> looks.put(row.getString(0), row.getString(1)));
                    return looks;
                });
    }

    /**
     * Lets writes pass again and wakes the application's own triggers. The lowered triggers of the fence stay until
     * {@link #clear}: to drop them readers would have to wait.
     *
     * @param connection with an open transaction, which the caller commits
     */
    public Future<Void> lower(SqlConnection connection, Collection<String> repositories) {
        return locked(connection, repositories)
                .compose(tables -> Sql.runAll(
                        connection,
                        tables.stream()
                                .flatMap(table -> FenceSql.lower(table).stream())
                                .toList()))
                .compose(lowered -> connection
                        .preparedQuery("UPDATE crossfade.repository SET fence = NULL WHERE name = ANY ($1::text[])")
                        .execute(Tuple.of(repositories.toArray(String[]::new))))
                .compose(forgotten -> undone(connection, repositories))
                .compose(undo -> Sql.runAll(connection, undo));
    }

    /**
     * Drops the triggers of lowered fences, so that no script's {@code ENABLE TRIGGER} wakes them up. To be called at
     * leisure after {@link #lower} has committed; fails where readers keep it from its locks.
     *
     * @param connection without a transaction
     */
    public Future<Void> clear(SqlConnection connection, Collection<String> repositories) {
        return patience.until(
                () -> Sql.run(connection, "BEGIN")
                        .compose(begun -> Sql.run(connection, Patience.LOCK_TIMEOUT))
                        .compose(limited -> tables(connection, repositories))
                        .compose(tables -> Sql.runAll(
                                connection,
                                tables.stream()
                                        .flatMap(table -> FenceSql.drop(table).stream())
                                        .toList()))
                        .compose(dropped -> Sql.run(connection, "COMMIT")),
                () -> Sql.run(connection, "ROLLBACK"));
    }

    /** All locks first and in one order, so that nothing is half raised and two of these never wait for each other. */
    private Future<List<FencedTable>> locked(SqlConnection connection, Collection<String> repositories) {
        return tables(connection, repositories)
                .compose(tables -> tables.isEmpty()
                        ? Future.succeededFuture()
                        : patience.until(
                                () -> Sql.run(connection, "SAVEPOINT crossfade_fence")
                                        .compose(set -> Sql.run(connection, Patience.LOCK_TIMEOUT))
                                        .compose(limited -> Sql.run(connection, FenceSql.lock(tables)))
                                        .compose(locked -> Sql.run(connection, "RELEASE SAVEPOINT crossfade_fence")),
                                () -> Sql.run(connection, "ROLLBACK TO SAVEPOINT crossfade_fence")))
                // What was read before the lock may have changed while it was waited for.
                .compose(locked -> tables(connection, repositories));
    }

    private static Stream<String> silence(FencedTable table) {
        return table.userTriggers().stream()
                .flatMap(trigger -> Stream.of(
                        remember(table, trigger),
                        "ALTER TABLE " + trigger.relation() + " DISABLE TRIGGER " + trigger.trigger()));
    }

    private static String remember(FencedTable table, Trigger trigger) {
        String undo = "ALTER TABLE " + trigger.relation() + " " + trigger.enabled() + " TRIGGER " + trigger.trigger();
        // The first state counts: a script's ENABLE TRIGGER may have woken it up in another one.
        String states = Stream.of("ENABLE", "ENABLE ALWAYS", "ENABLE REPLICA")
                .map(state -> Identifiers.literal(
                        "ALTER TABLE " + trigger.relation() + " " + state + " TRIGGER " + trigger.trigger()))
                .collect(Collectors.joining(","));
        return "INSERT INTO crossfade.undo (repository, purpose, undo) SELECT "
                + Identifiers.literal(table.repository())
                + ", 'user-trigger'," + Identifiers.literal(undo) + " WHERE NOT EXISTS (SELECT FROM crossfade.undo"
                + " WHERE purpose = 'user-trigger' AND undo IN (" + states + "))";
    }

    private static Future<List<String>> undone(SqlConnection connection, Collection<String> repositories) {
        return connection
                .preparedQuery("""
                        DELETE FROM crossfade.undo WHERE purpose = 'user-trigger' AND repository = ANY ($1::text[])
                        RETURNING undo
                        """)
                .execute(Tuple.of(repositories.toArray(String[]::new)))
                .map(rows -> {
                    List<String> statements = new ArrayList<>();
                    rows.forEach(row -> statements.add(Undo.where(row.getString(0))));
                    return statements;
                });
    }

    private static Future<List<FencedTable>> tables(SqlConnection connection, Collection<String> repositories) {
        return connection
                .preparedQuery(QUERY)
                .execute(Tuple.of(repositories.toArray(String[]::new)))
                .map(Fence::read);
    }

    private static List<FencedTable> read(RowSet<Row> rows) {
        List<FencedTable> tables = new ArrayList<>();
        for (Row row : rows) {
            List<Trigger> fences = new ArrayList<>();
            List<Trigger> users = new ArrayList<>();
            String[] names = row.getArrayOfStrings("trigger_names");
            for (int i = 0; i < names.length; i++) {
                Trigger trigger = new Trigger(
                        row.getArrayOfStrings("trigger_relations")[i],
                        names[i],
                        row.getArrayOfStrings("trigger_states")[i]);
                if (row.getArrayOfBooleans("trigger_fence")[i]) {
                    fences.add(trigger);
                } else if (!trigger.enabled().equals("DISABLE")) {
                    users.add(trigger);
                }
            }
            tables.add(new FencedTable(
                    row.getString("name"),
                    row.getString("relation"),
                    row.getBoolean("partitioned"),
                    List.of(row.getArrayOfStrings("partitions")),
                    fences,
                    users));
        }
        return tables;
    }
}
