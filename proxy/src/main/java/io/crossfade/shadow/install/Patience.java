package io.crossfade.shadow.install;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tries again, a bounded number of times, what needs locks on the application's tables. Each try waits a moment only:
 * whoever waits for a lock holds up all that come after it.
 */
final class Patience {
    /** Well below deadlock_timeout, which is 1 s unless it was changed. */
    static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '100ms'";

    private static final int TRIES = 40;
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 250;

    /** lock_not_available, deadlock_detected. */
    private static final Set<String> LOCKED = Set.of("55P03", "40P01");

    private final Vertx vertx;
    private final int tries;

    Patience(Vertx vertx) {
        this(vertx, TRIES);
    }

    Patience(Vertx vertx, int tries) {
        this.vertx = vertx;
        this.tries = tries;
    }

    /**
     * Does it until no lock is in the way.
     *
     * @param undo brings the transaction back to where it was before a failed try
     */
    Future<Void> until(Supplier<Future<Void>> work, Supplier<Future<Void>> undo) {
        return attempt(work, undo, 1);
    }

    /** Whether a lock was in the way. */
    static boolean isLocked(Throwable error) {
        return error instanceof PgException said && LOCKED.contains(said.getSqlState());
    }

    /** Names the sessions that hold locks on these tables, strongest first, for the person who waits. */
    static Future<String> blockers(SqlConnection connection, Long... tables) {
        return connection
                .preparedQuery("""
                        SELECT string_agg(format('process %s of user %s (%s, %s) holds %s on %s', a.pid, a.usename,
                                                 coalesce(nullif(a.application_name, ''), 'no name'), a.state, l.mode,
                                                 l.relation::regclass), '; ' ORDER BY l.mode = 'AccessShareLock', a.pid)
                        FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a USING (pid)
                        WHERE l.granted AND l.pid <> pg_backend_pid() AND l.relation = ANY ($1::bigint[]::oid[])
                          AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
                        """)
                .execute(Tuple.of(tables))
                .map(rows -> rows.iterator().next().getString(0))
                .map(found -> found == null ? "they are gone by now" : found);
    }

    private Future<Void> attempt(Supplier<Future<Void>> work, Supplier<Future<Void>> undo, int attempt) {
        return work.get()
                .recover(error -> undo.get().transform(undone -> {
                    if (undone.failed() || !isLocked(error) || attempt == tries) {
                        return Future.failedFuture(error);
                    }
                    long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt, 10));
                    return vertx.timer(pause, TimeUnit.MILLISECONDS)
                            .compose(waited -> attempt(work, undo, attempt + 1));
                }));
    }
}
