package io.crossfade.shadow.install;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries again, a bounded number of times, what needs locks on the application's tables. Each try waits a moment only:
 * whoever waits for a lock holds up all that come after it, and where a transaction takes the tables in another order than we
 * do, both wait for each other.
 */
final class Patience {
    private static final int TRIES = 40;
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 250;

    /** Well below deadlock_timeout, which is 1 s unless it was changed. */
    private static final long LOCK_MILLIS = 100;

    /** For what comes behind a lock that was got: rows of our own that others change, too. */
    static final String AFTERWARDS = lockTimeout(LOCK_MILLIS);

    private static final int HURRIED_TRIES = 64;
    private static final int HURRIED_LOCK_MILLIS = 5;
    private static final int MOST_DOUBLED = 4;
    private static final int HURRIED_PAUSE_MILLIS = 5;

    /** lock_not_available, deadlock_detected. */
    private static final Set<String> LOCKED = Set.of("55P03", "40P01");

    private final Vertx vertx;
    private final int tries;
    private final @Nullable Duration limit;

    Patience(Vertx vertx) {
        this(vertx, TRIES);
    }

    Patience(Vertx vertx, int tries) {
        this(vertx, tries, null);
    }

    private Patience(Vertx vertx, int tries, @Nullable Duration limit) {
        this.vertx = vertx;
        this.tries = tries;
        this.limit = limit;
    }

    /**
     * For a time in which others wait for us: many short tries, so that one of them meets no transaction in the way.
     *
     * @param limit no try begins later than this after the first
     */
    static Patience hurried(Vertx vertx, Duration limit) {
        return new Patience(vertx, HURRIED_TRIES, limit);
    }

    /**
     * Does it until no lock is in the way.
     *
     * @param work is told the statement that limits how long it waits for a lock, which it sends within its transaction
     * @param undo brings the transaction back to where it was before a failed try
     */
    <T> Future<T> until(Function<String, Future<T>> work, Supplier<Future<Void>> undo) {
        return attempt(work, undo, 1, System.nanoTime());
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

    private <T> Future<T> attempt(
            Function<String, Future<T>> work, Supplier<Future<Void>> undo, int attempt, long since) {
        return work.apply(lockTimeout(lockMillis(attempt)))
                .recover(error -> undo.get().transform(undone -> {
                    if (undone.failed() || !isLocked(error) || attempt == tries || isOver(since)) {
                        return Future.failedFuture(error);
                    }
                    return vertx.timer(pauseMillis(attempt), TimeUnit.MILLISECONDS)
                            .compose(waited -> attempt(work, undo, attempt + 1, since));
                }));
    }

    private boolean isOver(long since) {
        return limit != null && System.nanoTime() - since > limit.toNanos();
    }

    private static String lockTimeout(long millis) {
        return "SET LOCAL lock_timeout = '" + millis + "ms'";
    }

    /**
     * A transaction that waits for us in turn is to be let go soon, and one that only takes its time is to be waited for; nobody
     * knows which it is. So half of the tries are short, a quarter twice as long, and so on, which costs little more than the best
     * choice would (Luby, Sinclair and Zuckerman, Optimal speedup of Las Vegas algorithms, 1993).
     */
    private long lockMillis(int attempt) {
        return limit != null
                ? HURRIED_LOCK_MILLIS << Math.min(MOST_DOUBLED, Integer.numberOfTrailingZeros(attempt))
                : LOCK_MILLIS;
    }

    /** By chance where there is a hurry, so that no transaction keeps step with the tries. */
    private long pauseMillis(int attempt) {
        return limit != null
                ? ThreadLocalRandom.current().nextInt(1, HURRIED_PAUSE_MILLIS)
                : Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt, 10));
    }
}
