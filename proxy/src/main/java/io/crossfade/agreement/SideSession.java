package io.crossfade.agreement;

import io.crossfade.migration.Side;
import io.crossfade.sides.Database;
import io.crossfade.state.StateRows.Statements;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A connection of its own to one side, for transactions that must not wait for the pool and whose end must be known.
 *
 * <p>The server ends a transaction that stands idle: a driver that was stopped in the middle cannot keep others from
 * deciding, and cannot commit when it wakes up.
 *
 * <p>Threads: any; one transaction at a time.
 */
final class SideSession {
    private static final String IDLE_IN_TRANSACTION = "2s";
    private static final long CONNECT_SECONDS = 5;
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final long CLOSE_SECONDS = 2;

    /** What a fence asks of its tables is longer than what the driver keeps by itself. */
    private static final int LONGEST_KEPT = 32_768;

    private final Side side;
    private final PgConnection connection;
    private final Duration longest;
    private final Promise<Object> lost = Promise.promise();

    private SideSession(Side side, PgConnection connection, Duration longest) {
        this.side = side;
        this.connection = connection;
        this.longest = longest;
        // An error 57P01 and a cut wire are told to these handlers alone.
        var unused = connection.exceptionHandler(lost::tryFail);
        var unusedToo = connection.closeHandler(closed -> lost.tryFail("the connection was closed"));
    }

    static Future<SideSession> open(Vertx vertx, Database database) {
        return open(vertx, database, LONGEST);
    }

    /** @param longest what any work of this session may take */
    static Future<SideSession> open(Vertx vertx, Database database, Duration longest) {
        Map<String, String> pinned = new HashMap<>();
        pinned.put("application_name", "crossfade");
        pinned.put("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION);
        pinned.put("statement_timeout", longest.toMillis() + "ms");
        // The driver would write notices into the log.
        pinned.put("client_min_messages", "error");
        // What was decided must not be taken back by a crash of the server.
        pinned.put("synchronous_commit", "on");
        PgConnectOptions options = new PgConnectOptions(database.settings().connection()).setProperties(pinned);
        // What was asked once takes one round trip from then on, and writes may be waiting by then.
        var unused = options.setCachePreparedStatements(true).setPreparedStatementCacheSqlLimit(LONGEST_KEPT);
        Future<PgConnection> connecting = PgConnection.connect(vertx, options);
        return connecting
                .timeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                .onFailure(late -> connecting.onSuccess(SideSession::discard))
                // The driver's own words have the address of the database in them, and come before operators.
                .recover(error -> Future.failedFuture(
                        error instanceof PgException ? error : new UnreachableException(database.side(), error)))
                .map(connection -> new SideSession(database.side(), connection, longest));
    }

    /** A connection that came too late. */
    private static void discard(PgConnection late) {
        var unused = late.close();
    }

    Side side() {
        return side;
    }

    /** Statements outside of a transaction. */
    Statements statements() {
        return on(connection);
    }

    static Statements on(SqlConnection connection) {
        return (sql, values) -> connection.preparedQuery(sql).execute(values);
    }

    /**
     * Does the work in one transaction.
     *
     * @return fails with the work's error where it was undone, and with {@link UnknownOutcomeException} where nobody can
     *     tell without asking the database whether it was committed
     */
    <T> Future<T> inTransaction(Function<SqlConnection, Future<T>> work) {
        AtomicReference<Phase> phase = new AtomicReference<>(Phase.WORKING);
        Future<T> done = connection
                .query("BEGIN")
                .execute()
                .compose(begun -> work.apply(connection))
                .compose(
                        result -> phase.compareAndSet(Phase.WORKING, Phase.COMMITTING)
                                ? connection.query("COMMIT").execute().map(result)
                                : undo(new TimeoutException()),
                        this::undo);
        Promise<T> ended = Promise.promise();
        done.onSuccess(ended::tryComplete).onFailure(ended::tryFail);
        lost.future().onFailure(ended::tryFail);
        return ended.future().timeout(longest.toMillis(), TimeUnit.MILLISECONDS).recover(error -> {
            if (phase.compareAndSet(Phase.WORKING, Phase.GIVEN_UP)) {
                return notCommitted(error, done.isComplete());
            }
            return maybeCommitted(error);
        });
    }

    private <T> Future<T> undo(Throwable error) {
        return connection.query("ROLLBACK").execute().transform(rolledBack -> Future.<T>failedFuture(error));
    }

    /** From here on it is true that nothing has changed, and it stays true: the work will find that it was given up. */
    private <T> Future<T> notCommitted(Throwable error, boolean hasEnded) {
        if (!hasEnded) {
            // Its locks keep others out.
            var unused = connection.close();
        }
        return Future.failedFuture(error);
    }

    private <T> Future<T> maybeCommitted(Throwable error) {
        if (isAnswer(error)) {
            return Future.failedFuture(error);
        }
        // Whatever is still under way must not reach the database after this, least of all its COMMIT.
        var unused = connection.close();
        return Future.failedFuture(new UnknownOutcomeException(side, error));
    }

    /** Whether the server itself said that it has not committed, rather than that it goes away. */
    private static boolean isAnswer(Throwable error) {
        return error instanceof PgException said
                && said.getSqlState() != null
                && !said.getSqlState().startsWith("57P");
    }

    /**
     * Work of several statements that has transactions of its own, and for which nobody's writes wait: each statement has the
     * session's time, and all of them more.
     */
    <T> Future<T> withConnection(Function<SqlConnection, Future<T>> work) {
        Duration all = longest.compareTo(LONGEST) > 0 ? longest : LONGEST;
        return work.apply(connection)
                .timeout(all.toMillis(), TimeUnit.MILLISECONDS)
                .recover(error -> Future.failedFuture(
                        error instanceof TimeoutException ? new UnansweredException(side, all) : error));
    }

    /** A server that stays silent is not waited for. */
    Future<Void> close() {
        return connection.close().timeout(CLOSE_SECONDS, TimeUnit.SECONDS).otherwiseEmpty();
    }

    /** How far a transaction is; whoever leaves {@code WORKING} first decides whether there is a commit. */
    private enum Phase {
        WORKING,
        COMMITTING,
        GIVEN_UP
    }

    /** There is a connection, and no answer. */
    private static final class UnansweredException extends RuntimeException {
        UnansweredException(Side side, Duration within) {
            super("The " + side.label() + " database did not answer within " + within.toSeconds() + " s.");
        }
    }

    /** There is no connection. */
    private static final class UnreachableException extends RuntimeException {
        UnreachableException(Side side, Throwable cause) {
            super("The " + side.label() + " database cannot be reached.", cause);
        }
    }

    /** COMMIT was sent and no answer came: it may have happened, or happen yet. */
    static final class UnknownOutcomeException extends RuntimeException {
        UnknownOutcomeException(Side side, Throwable cause) {
            super("it is not known whether the " + side.label() + " database has committed", cause);
        }
    }
}
