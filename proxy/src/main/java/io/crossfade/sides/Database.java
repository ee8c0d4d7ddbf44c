package io.crossfade.sides;

import io.crossfade.call.Failure;
import io.crossfade.migration.Side;
import io.crossfade.settings.SideSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * One side's connections: a bounded pool with a bounded queue before it, so that neither the database nor our memory can
 * be overrun. Connections are replaced before the server's own limits end them.
 *
 * <p>Every failure that leaves here is a {@link Failure}. Threads: any.
 */
public final class Database {
    /** A longer text is sent anew each time; the widest upsert of a 39-column table has about 6,000 characters. */
    private static final int LONGEST_PREPARED_STATEMENT = 32_768;

    /** What a statement may take beyond its own limits before its caller is told that there is no answer. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** An idle connection is given back before {@link #socketOptions} would take it for a dead one. */
    private static final int IDLE_SECONDS = 25;

    /** Shutdown, crash, starting up, idle session (PostgreSQL manual, appendix A): the statement was not carried out. */
    private static final Set<String> ENDED_BY_SERVER = Set.of("57P01", "57P02", "57P03", "57P05");

    private static final int MOST_RETRIES = 20;
    private static final long RETRY_MILLIS = 5;

    private final Vertx vertx;
    private final Side side;
    private final SideSettings settings;
    private final Pool pool;
    private final Duration longest;
    private final AtomicInteger inUse = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    Database(Vertx vertx, Side side, SideSettings settings, List<String> searchPath) {
        this(vertx, side, settings, "crossfade-" + side.label(), sessionOptions(settings, searchPath));
    }

    private Database(Vertx vertx, Side side, SideSettings settings, String name, PgConnectOptions options) {
        this.vertx = vertx;
        this.side = side;
        this.settings = settings;
        this.longest =
                settings.acquireTimeout().plus(settings.statementTimeout()).plus(GRACE);
        this.pool = PgBuilder.pool()
                .using(vertx)
                .with(poolOptions(name, settings))
                .with(socketOptions(settings))
                .connectingTo(options)
                .build();
    }

    /** Connections that cannot write, beside those of calls. */
    static Database forComparing(Vertx vertx, Side side, SideSettings settings, List<String> searchPath) {
        return new Database(
                vertx,
                side,
                settings,
                "crossfade-comparing-" + side.label(),
                new PgConnectOptions(sessionOptions(settings, searchPath))
                        .addProperty("default_transaction_read_only", "on"));
    }

    /** Whether every connection is in use, so that one more call would wait. */
    public boolean isBusy() {
        return inUse.get() + waiting.get() >= settings.poolSize();
    }

    /** Which side this is. */
    public Side side() {
        return side;
    }

    /** How many connections carry a statement now. */
    public int inUse() {
        return inUse.get();
    }

    /** How many statements wait for a connection now. */
    public int waiting() {
        return waiting.get();
    }

    /** How it was configured. */
    public SideSettings settings() {
        return settings;
    }

    /**
     * Runs one statement in its own transaction: one round trip.
     *
     * @param repeatable whether the statement may be sent again when its connection turns out to be dead; never
     *     true for a statement that writes, because its first try may have committed
     */
    public Future<RowSet<Row>> run(String sql, Tuple parameters, boolean repeatable) {
        return answered(run(sql, parameters, repeatable ? MOST_RETRIES : 0));
    }

    /** Runs one statement in a transaction that cannot write: three round trips. */
    public Future<RowSet<Row>> runReadOnly(String sql, Tuple parameters) {
        return inTransaction(
                "BEGIN READ ONLY", connection -> connection.preparedQuery(sql).execute(parameters));
    }

    /** Runs several queries that all see one moment, with an empty search path, so that every name is qualified. */
    public <T> Future<T> inSnapshot(Function<SqlConnection, Future<T>> queries) {
        return inTransaction(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                connection -> connection
                        .query("SELECT set_config('search_path', '', true)")
                        .execute()
                        .compose(set -> queries.apply(connection)));
    }

    /** Whether the side answers, by a round trip of its own. */
    public Future<Void> ping() {
        return answered(pool.query("SELECT 1").execute()).mapEmpty();
    }

    Future<Void> close() {
        return pool.close();
    }

    /**
     * A server that ended its idle connections has ended all of them, and the pool needs a moment to notice: until then it
     * gives out the dead ones.
     */
    private Future<RowSet<Row>> run(String sql, Tuple parameters, int tries) {
        return onConnection(connection -> connection.preparedQuery(sql).execute(parameters))
                .recover(error -> tries > 0 && isDeadConnection(error)
                        ? vertx.timer(RETRY_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(noticed -> run(sql, parameters, tries - 1))
                        : Future.failedFuture(error));
    }

    private <T> Future<T> inTransaction(String begin, Function<SqlConnection, Future<T>> work) {
        return answered(onConnection(connection -> connection
                .query(begin)
                .execute()
                .compose(begun -> work.apply(connection))
                .compose(
                        result -> connection.query("COMMIT").execute().map(result),
                        error -> connection
                                .query("ROLLBACK")
                                .execute()
                                .transform(rolledBack -> Future.<T>failedFuture(error)))));
    }

    private <T> Future<T> onConnection(Function<SqlConnection, Future<T>> work) {
        AtomicBoolean got = new AtomicBoolean();
        waiting.incrementAndGet();
        return pool.<T>withConnection(connection -> {
                    got.set(true);
                    waiting.decrementAndGet();
                    inUse.incrementAndGet();
                    return on(connection, work);
                })
                .onComplete(ended -> (got.get() ? inUse : waiting).decrementAndGet());
    }

    private static <T> Future<T> on(SqlConnection connection, Function<SqlConnection, Future<T>> work) {
        Promise<T> answer = Promise.promise();
        // The driver tells an error 57P01 to this handler alone, even where a function raised it.
        var unused = connection.exceptionHandler(answer::tryFail);
        work.apply(connection).onSuccess(answer::tryComplete).onFailure(answer::tryFail);
        return answer.future();
    }

    /** Ends in time, whatever driver and network do, and fails with nothing but a {@link Failure}. */
    private <T> Future<T> answered(Future<T> answer) {
        return answer.timeout(longest.toMillis(), TimeUnit.MILLISECONDS)
                .recover(error -> Future.failedFuture(DatabaseErrors.translate(side, settings, error)));
    }

    /** Whether the connection had died under the statement, rather than never having come about. */
    private static boolean isDeadConnection(Throwable error) {
        return error instanceof ClosedConnectionException
                || (error instanceof IOException && !(error instanceof ConnectException))
                || (error instanceof PgException said && ENDED_BY_SERVER.contains(said.getSqlState()));
    }

    private static PoolOptions poolOptions(String name, SideSettings settings) {
        return new PoolOptions()
                .setName(name)
                .setShared(false)
                .setMaxSize(settings.poolSize())
                .setMaxWaitQueueSize(settings.maxWaiting())
                .setConnectionTimeout((int) settings.acquireTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setPoolCleanerPeriod(1_000)
                .setMaxLifetime((int) settings.maxLifetime().toMillis())
                .setMaxLifetimeUnit(TimeUnit.MILLISECONDS);
    }

    /** A connection that stays silent longer than any statement may take is dead: a call on a cut network must end. */
    private static NetClientOptions socketOptions(SideSettings settings) {
        int silence = (int) Math.max(settings.statementTimeout().toSeconds(), IDLE_SECONDS) + 10;
        return new NetClientOptions()
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setConnectTimeout((int) settings.acquireTimeout().toMillis())
                .setReadIdleTimeout(silence)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
    }

    private static PgConnectOptions sessionOptions(SideSettings settings, List<String> searchPath) {
        // Both sides have to print the same value the same way, whatever their servers are set to.
        return new PgConnectOptions(settings.connection())
                .setProperties(Map.of(
                        "application_name", "crossfade",
                        "client_encoding", "UTF8",
                        "TimeZone", "UTC",
                        "DateStyle", "ISO",
                        "IntervalStyle", "postgres",
                        "extra_float_digits", "1",
                        "bytea_output", "hex",
                        // The driver writes notices to the log, and a function may put the values of a row into one.
                        "client_min_messages", "error",
                        "search_path", String.join(", ", searchPath),
                        "statement_timeout", settings.statementTimeout().toMillis() + ""))
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(settings.preparedStatements())
                .setPreparedStatementCacheSqlLimit(LONGEST_PREPARED_STATEMENT);
    }
}
