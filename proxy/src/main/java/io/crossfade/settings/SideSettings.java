package io.crossfade.settings;

import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;

/**
 * One of the two databases.
 *
 * @param connection where it is and how to log in; holds the password, so it is never printed
 * @param poolSize the most connections that calls may use at once
 * @param maxWaiting the most calls that may wait for a connection before further ones are refused
 * @param acquireTimeout how long a call may wait for a connection
 * @param statementTimeout after which the server gives a statement up
 * @param maxLifetime after which a connection is replaced, below the server's own limit
 * @param preparedStatements the most prepared statements kept on a connection
 */
public record SideSettings(
        PgConnectOptions connection,
        int poolSize,
        int maxWaiting,
        Duration acquireTimeout,
        Duration statementTimeout,
        Duration maxLifetime,
        int preparedStatements) {
    public static final int POOL_SIZE = 20;
    public static final int MAX_WAITING = 1_000;
    public static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(10);
    public static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(30);
    public static final Duration MAX_LIFETIME = Duration.ofMinutes(10);
    public static final int PREPARED_STATEMENTS = 256;

    /** A side at this address, everything else at its default. */
    public static SideSettings at(PgConnectOptions connection) {
        return new SideSettings(
                connection,
                POOL_SIZE,
                MAX_WAITING,
                ACQUIRE_TIMEOUT,
                STATEMENT_TIMEOUT,
                MAX_LIFETIME,
                PREPARED_STATEMENTS);
    }

    /** The same side with other limits. */
    public SideSettings with(int poolSize, Duration statementTimeout) {
        return new SideSettings(
                connection, poolSize, maxWaiting, acquireTimeout, statementTimeout, maxLifetime, preparedStatements);
    }

    /** Host, port and database; neither user nor password. */
    public String address() {
        return connection.getHost() + ":" + connection.getPort() + "/" + connection.getDatabase();
    }

    /** Hides the login. */
    @Override
    public String toString() {
        return "SideSettings[" + address() + ", poolSize=" + poolSize + "]";
    }
}
