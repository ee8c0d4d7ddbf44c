package io.crossfade.shadow.replay;

import io.crossfade.settings.SideSettings;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * One connection to one side that speaks COPY, which the driver of the other sessions does not. It has the same settings
 * as they have.
 *
 * <p>Threading: one thread at a time, which waits; {@link #close} may be called from any.
 */
final class CopySession implements AutoCloseable {
    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");

    private final Connection connection;

    private CopySession(Connection connection) {
        this.connection = connection;
    }

    static CopySession open(SideSettings side, Duration patience) {
        PgConnectOptions options = side.connection();
        Properties properties = new Properties();
        properties.setProperty("user", options.getUser());
        properties.setProperty("password", options.getPassword() == null ? "" : options.getPassword());
        properties.setProperty("connectTimeout", seconds(patience));
        properties.setProperty("loginTimeout", seconds(patience));
        properties.setProperty("socketTimeout", seconds(patience));
        properties.setProperty("cancelSignalTimeout", seconds(patience));
        properties.setProperty("tcpKeepAlive", "true");
        encrypt(properties, options);
        String url = "jdbc:postgresql://" + options.getHost() + ":" + options.getPort() + "/"
                + URLEncoder.encode(options.getDatabase(), StandardCharsets.UTF_8);
        Connection opened = null;
        try {
            opened = new Driver().connect(url, properties);
            CopySession session = new CopySession(Objects.requireNonNull(opened));
            session.pin(patience);
            return session;
        } catch (SQLException e) {
            if (opened != null) {
                abort(opened);
            }
            throw CopyException.of(e);
        }
    }

    /** Whether the other driver can be told to trust what this one trusts. */
    static boolean canReach(SideSettings side) {
        PgConnectOptions options = side.connection();
        ClientSSLOptions ssl = options.getSslOptions();
        boolean trust = ssl == null
                || ssl.getTrustOptions() == null
                || (ssl.getTrustOptions() instanceof PemTrustOptions pem
                        && pem.getCertPaths().size() == 1);
        return !options.isUsingDomainSocket() && trust && (ssl == null || ssl.getKeyCertOptions() == null);
    }

    /** Runs statements without parameters. */
    void run(String script) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(script);
        } catch (SQLException e) {
            throw CopyException.of(e);
        }
    }

    /**
     * Runs one statement, whose parameters are written as $1 and so on.
     *
     * @return each row as the texts of its columns
     */
    List<@Nullable String[]> query(String sql, Object... parameters) {
        Matcher places = PARAMETER.matcher(sql);
        try (PreparedStatement statement = connection.prepareStatement(places.replaceAll("?"))) {
            places.reset();
            for (int i = 1; places.find(); i++) {
                Object value = parameters[Integer.parseInt(places.group(1)) - 1];
                if (value instanceof Object[] array) {
                    String type = array instanceof Integer[] ? "int4" : "int8";
                    statement.setArray(i, connection.createArrayOf(type, array));
                } else {
                    statement.setObject(i, value);
                }
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<@Nullable String[]> texts = new ArrayList<>();
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    @Nullable String[] row = new String[columns];
                    for (int i = 0; i < columns; i++) {
                        row[i] = rows.getString(i + 1);
                    }
                    texts.add(row);
                }
                return texts;
            }
        } catch (SQLException e) {
            throw CopyException.of(e);
        }
    }

    /**
     * Adds what a COPY sends, row by row as it comes.
     *
     * @param most how many bytes may come
     * @return false where there were more; then the transaction has failed
     */
    boolean copyOut(String sql, List<byte[]> pieces, long most) {
        try {
            CopyOut copy = postgres().getCopyAPI().copyOut(sql);
            long sum = 0;
            byte[] piece = copy.readFromCopy();
            while (piece != null) {
                sum += piece.length;
                if (sum > most) {
                    copy.cancelCopy();
                    return false;
                }
                pieces.add(piece);
                piece = copy.readFromCopy();
            }
            return true;
        } catch (SQLException e) {
            throw CopyException.of(e);
        }
    }

    /** Sends what another COPY sent. */
    void copyIn(String sql, List<byte[]> pieces) {
        try {
            CopyIn copy = postgres().getCopyAPI().copyIn(sql);
            for (byte[] piece : pieces) {
                copy.writeToCopy(piece, 0, piece.length);
            }
            var unused = copy.endCopy();
        } catch (SQLException e) {
            throw CopyException.of(e);
        }
    }

    @Override
    public void close() {
        abort(connection);
    }

    private PGConnection postgres() throws SQLException {
        return connection.unwrap(PGConnection.class);
    }

    private void pin(Duration patience) {
        StringBuilder script = new StringBuilder();
        for (Map.Entry<String, String> pin : Pins.of(patience).entrySet()) {
            script.append("SET ")
                    .append(pin.getKey())
                    .append(" TO '")
                    .append(pin.getValue())
                    .append("'; ");
        }
        run(script.toString());
    }

    private static void encrypt(Properties properties, PgConnectOptions options) {
        SslMode mode = options.getSslMode();
        properties.setProperty("sslmode", mode.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        ClientSSLOptions ssl = options.getSslOptions();
        if (ssl != null && ssl.getTrustOptions() instanceof PemTrustOptions pem) {
            properties.setProperty("sslrootcert", pem.getCertPaths().get(0));
        }
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is as closed as it can be.
        }
    }

    private static String seconds(Duration patience) {
        return Math.max(1, (patience.toMillis() + 999) / 1_000) + "";
    }

    /** What a database answered, of which nothing is kept but its code: its message may hold values. */
    static final class CopyException extends RuntimeException {
        private final String sqlState;

        private CopyException(String sqlState, String problem) {
            super(problem);
            this.sqlState = sqlState;
        }

        static CopyException of(SQLException error) {
            String state = Problems.sqlState(error.getSQLState());
            return new CopyException(state, Problems.describe(state));
        }

        /** Whether the connection is as good as it was, and another way may do. */
        boolean isAnAnswer() {
            return !sqlState.equals("other") && !sqlState.startsWith("08") && !sqlState.startsWith("57");
        }
    }
}
