package io.crossfade.testing;

import io.vertx.pgclient.PgConnectOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database that belongs to one test class, looked at by direct SQL. */
public final class TestDatabase implements AutoCloseable {
    private final PostgresServer server;
    private final String name;
    private Connection connection;

    TestDatabase(PostgresServer server, String name) {
        this.server = server;
        this.name = name;
    }

    /** Where it is, for the proxy. */
    public PgConnectOptions connectOptions() {
        return server.connectOptions(name);
    }

    /** Where it is, as libpq writes it. */
    public String uri() {
        return "postgres://" + server.user() + ":" + server.password() + "@" + server.host() + ":" + server.port() + "/"
                + name;
    }

    /** A connection to it, the same one at every call until {@link #close()}. */
    public synchronized Connection connection() {
        try {
            if (connection == null || connection.isClosed()) {
                connection = server.connect(name);
            }
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The version of its server, such as 15. */
    public long majorVersion() {
        return server.majorVersion();
    }

    /** Another connection to it, which the caller closes. */
    public Connection session() throws SQLException {
        return server.connect(name);
    }

    /** Runs a script of statements. */
    public synchronized void execute(String script) {
        try (Statement statement = connection().createStatement()) {
            statement.execute(script);
        } catch (SQLException e) {
            throw new IllegalStateException(script.length() > 300 ? script.substring(0, 300) + "..." : script, e);
        }
    }

    /** The rows of a query, each as the server prints it, columns separated by {@code |}. */
    @CanIgnoreReturnValue
    public synchronized List<String> rows(String query) {
        try (Statement statement = connection().createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            int columns = rows.getMetaData().getColumnCount();
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    row.add(String.valueOf(rows.getString(column)));
                }
                result.add(String.join("|", row));
            }
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    /** The single value of a query with one row and one column. */
    public String value(String query) {
        List<String> rows = rows(query);
        if (rows.size() != 1) {
            throw new IllegalStateException(rows.size() + " rows from " + query);
        }
        return rows.get(0);
    }

    /** The single number of a query with one row and one column. */
    public long number(String query) {
        return Long.parseLong(value(query));
    }

    /** Closes the connection; the database stays. */
    @Override
    public synchronized void close() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Drops the database, also when others are still connected. */
    public void drop() {
        close();
        server.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }
}
