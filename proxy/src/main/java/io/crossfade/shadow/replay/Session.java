package io.crossfade.shadow.replay;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.crossfade.settings.SideSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one side, with every setting pinned that decides how a value is printed. Answers are waited for, at
 * most as long as the replay's patience.
 *
 * <p>Threading: one thread, which is not an event loop; {@link #close} may be called from any.
 */
final class Session implements AutoCloseable {
    private static final int LONGEST_PREPARED_STATEMENT = 262_144;

    private final PgConnection connection;
    private final long patienceMillis;
    private final Set<Promise<RowSet<Row>>> pending = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Throwable lost;

    private Session(PgConnection connection, long patienceMillis) {
        this.connection = connection;
        this.patienceMillis = patienceMillis;
        // An error 57P01 and a cut wire are told to these handlers alone.
        var unused = connection.exceptionHandler(this::lose);
        var unusedToo = connection.closeHandler(closed -> lose(ClosedConnectionException.INSTANCE));
    }

    static Session open(Vertx vertx, SideSettings side, Duration patience) {
        long millis = patience.toMillis();
        Future<PgConnection> connecting = PgConnection.connect(vertx, options(side, patience));
        try {
            return new Session(await(connecting, millis), millis);
        } catch (NoAnswerException e) {
            // It comes too late, and there is nobody to tell how its end went.
            connecting.onSuccess(late -> late.close().onFailure(gone -> {}));
            throw e;
        }
    }

    /** Runs a script by the simple protocol, in which no statement takes a snapshot before it must. */
    @CanIgnoreReturnValue
    RowSet<Row> run(String sql) {
        return await(send(sql));
    }

    /** Runs one prepared statement. */
    @CanIgnoreReturnValue
    RowSet<Row> run(String sql, Tuple parameters) {
        return await(send(sql, parameters));
    }

    /** Sends without waiting; answers come in the order of sending. */
    Future<RowSet<Row>> send(String sql) {
        return answerOf(connection.query(sql).execute());
    }

    /** Sends without waiting; answers come in the order of sending. */
    Future<RowSet<Row>> send(String sql, Tuple parameters) {
        return answerOf(connection.preparedQuery(sql).execute(parameters));
    }

    @CanIgnoreReturnValue
    <T> T await(Future<T> answer) {
        return await(answer, patienceMillis);
    }

    /** Has somebody told of the payloads of a channel, on an event loop. */
    void listen(String channel, Consumer<String> told) {
        var unused = connection.notificationHandler(notification -> told.accept(notification.getPayload()));
        run("LISTEN " + channel);
    }

    @Override
    public void close() {
        lose(ClosedConnectionException.INSTANCE);
        var unused = connection.close();
    }

    private Future<RowSet<Row>> answerOf(Future<RowSet<Row>> answer) {
        Promise<RowSet<Row>> promise = Promise.promise();
        pending.add(promise);
        answer.onComplete(result -> {
            pending.remove(promise);
            if (result.succeeded()) {
                promise.tryComplete(result.result());
            } else {
                promise.tryFail(result.cause());
            }
        });
        Throwable gone = lost;
        if (gone != null) {
            promise.tryFail(gone);
        }
        return promise.future();
    }

    private void lose(Throwable error) {
        lost = error;
        pending.forEach(promise -> promise.tryFail(error));
    }

    private static <T> T await(Future<T> answer, long millis) {
        try {
            return answer.await(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new NoAnswerException(millis, e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // Thrown without being declared: a connection that is refused, for one.
            throw new LostException(e);
        }
    }

    private static PgConnectOptions options(SideSettings side, Duration patience) {
        return new PgConnectOptions(side.connection())
                .setProperties(Pins.of(patience))
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheSqlLimit(LONGEST_PREPARED_STATEMENT);
    }

    /** A database did not answer in time, so that it is not known what it did. */
    static final class NoAnswerException extends RuntimeException {
        NoAnswerException(long millis, Throwable cause) {
            super("no answer within " + millis + " ms", cause);
        }
    }

    /** A database cannot be reached. */
    static final class LostException extends RuntimeException {
        LostException(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }
}
