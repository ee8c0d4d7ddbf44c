package io.crossfade.shadow.install;

import io.crossfade.migration.Side;
import io.crossfade.shadow.install.FencedTable.Trigger;
import io.crossfade.sides.Identifiers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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
    private final Patience patience;

    public Fence(Vertx vertx) {
        this.patience = new Patience(vertx);
    }

    /**
     * One for which writes wait: it tries more often than usual.
     *
     * @param limit how long it tries to get its locks
     */
    public static Fence hurried(Vertx vertx, Duration limit) {
        return new Fence(Patience.hurried(vertx, limit));
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
        return prepare(connection, repositories)
                .compose(lock -> raise(connection, repositories, authority, lock, Future::succeededFuture));
    }

    /**
     * The same, with the locks that {@link #prepare} has found out.
     *
     * @param behind what is to be asked on this connection behind the fence, when nobody writes there any more; it is sent
     *     with the rest, and no more than this one statement may be
     */
    public Future<Void> raise(
            SqlConnection connection,
            Collection<String> repositories,
            Side authority,
            String lock,
            Supplier<Future<Void>> behind) {
        return locked(connection, repositories, lock).compose(tables -> {
            Future<Void> raised = Sql.runTogether(
                    connection,
                    tables.stream()
                            .flatMap(table -> Stream.concat(FenceSql.raise(table, authority).stream(), silence(table)))
                            .toList());
            // One behind the other on the wire: where one is refused, so are those behind it.
            Future<Void> noted = note(connection, repositories);
            Future<Void> asked = behind.get();
            return raised.compose(done -> noted).compose(done -> asked);
        });
    }

    /**
     * Finds out which locks the fence needs, before anybody has to wait for it: what is asked here a second time on the same
     * connection needs no more than one round trip then.
     */
    public Future<String> prepare(SqlConnection connection, Collection<String> repositories) {
        return FencedTables.of(connection, repositories).map(tables -> tables.isEmpty() ? "" : FenceSql.lock(tables));
    }

    /** The same, and has the connection learn the statements of a fence that rises or falls, without changing anything. */
    public Future<String> rehearse(SqlConnection connection, Collection<String> repositories) {
        List<String> none = List.of();
        return prepare(connection, repositories)
                .compose(lock -> note(connection, none)
                        .compose(noted -> forget(connection, none))
                        .compose(forgotten -> undone(connection, none))
                        .map(lock));
    }

    /** Not over one that is known: that would hide that somebody changed it meanwhile. */
    private static Future<Void> note(SqlConnection connection, Collection<String> repositories) {
        return connection
                .preparedQuery("UPDATE crossfade.repository AS r SET fence = " + Fingerprint.FENCE
                        + " WHERE r.name = ANY ($1::text[]) AND r.fence IS NULL")
                .execute(Tuple.of(repositories.toArray(String[]::new)))
                .mapEmpty();
    }

    private static Future<Void> forget(SqlConnection connection, Collection<String> repositories) {
        return connection
                .preparedQuery("UPDATE crossfade.repository SET fence = NULL WHERE name = ANY ($1::text[])")
                .execute(Tuple.of(repositories.toArray(String[]::new)))
                .mapEmpty();
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
        return prepare(connection, repositories).compose(lock -> lower(connection, repositories, lock));
    }

    /** The same, with the locks that {@link #prepare} has found out. */
    public Future<Void> lower(SqlConnection connection, Collection<String> repositories, String lock) {
        return locked(connection, repositories, lock)
                .compose(tables -> {
                    // One behind the other on the wire: none of them needs the answer of another.
                    Future<Void> lowered = Sql.runTogether(
                            connection,
                            tables.stream()
                                    .flatMap(table -> FenceSql.lower(table).stream())
                                    .toList());
                    Future<Void> forgotten = forget(connection, repositories);
                    return Future.join(lowered, forgotten, undone(connection, repositories));
                })
                .compose(done -> Sql.runTogether(connection, done.resultAt(2)));
    }

    /**
     * Drops the triggers of lowered fences, so that no script's {@code ENABLE TRIGGER} wakes them up. To be called at
     * leisure after {@link #lower} has committed; fails where readers keep it from its locks.
     *
     * @param connection without a transaction
     */
    public Future<Void> clear(SqlConnection connection, Collection<String> repositories) {
        return patience.until(
                lockTimeout -> Sql.run(connection, "BEGIN")
                        .compose(begun -> Sql.run(connection, lockTimeout))
                        .compose(limited -> FencedTables.of(connection, repositories))
                        .compose(tables -> Sql.runAll(
                                connection,
                                tables.stream()
                                        .flatMap(table -> FenceSql.drop(table).stream())
                                        .toList()))
                        .compose(dropped -> Sql.run(connection, "COMMIT")),
                () -> Sql.run(connection, "ROLLBACK"));
    }

    /** All locks first and in one order, so that nothing is half raised and two of these never wait for each other. */
    private Future<List<FencedTable>> locked(SqlConnection connection, Collection<String> repositories, String lock) {
        if (lock.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return patience.until(
                lockTimeout -> {
                    // One behind the other on the wire, which takes one round trip.
                    Future<Void> before =
                            Sql.runTogether(connection, List.of("SAVEPOINT crossfade_fence", lockTimeout));
                    // What comes behind belongs to the transaction itself, so that it has the same number as its row.
                    Future<Void> locked = Sql.runTogether(
                            connection, List.of(lock, "RELEASE SAVEPOINT crossfade_fence", Patience.AFTERWARDS));
                    // What was read before the lock may have changed while it was waited for. Behind a lock that was
                    // refused this is, too.
                    Future<List<FencedTable>> tables = FencedTables.of(connection, repositories);
                    return before.compose(done -> locked).compose(done -> tables);
                },
                () -> Sql.runTogether(
                        connection,
                        List.of("ROLLBACK TO SAVEPOINT crossfade_fence", "RELEASE SAVEPOINT crossfade_fence")));
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
}
