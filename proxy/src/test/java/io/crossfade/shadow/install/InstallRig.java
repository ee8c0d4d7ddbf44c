package io.crossfade.shadow.install;

import io.crossfade.migration.Side;
import io.crossfade.settings.RestSettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.testing.CanIgnoreReturnValue;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnection;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A database of one test class, into which Crossfade can be installed. */
@NullUnmarked // its fields are set before the first test
final class InstallRig implements BeforeAllCallback, AfterAllCallback {
    private static final long SECONDS = 30;

    private final String script;
    private final boolean installed;
    private TestDatabase database;
    private Vertx vertx;

    private InstallRig(String script, boolean installed) {
        this.script = script;
        this.installed = installed;
    }

    static InstallRig with(String script) {
        return new InstallRig(script, false);
    }

    static InstallRig installedOn(String script) {
        return new InstallRig(script, true);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        database = PostgresServers.legacy().database(List.of(script));
        vertx = Vertx.vertx();
        if (installed) {
            install();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        vertx.close().await(SECONDS, TimeUnit.SECONDS);
        database.drop();
    }

    TestDatabase database() {
        return database;
    }

    Vertx vertx() {
        return vertx;
    }

    /** Installs as the superuser; refusals are given back, not thrown. */
    @CanIgnoreReturnValue
    Plan install(String... repositories) throws Exception {
        return installAs(database.connectOptions(), repositories);
    }

    @CanIgnoreReturnValue
    Plan installAs(PgConnectOptions login, String... repositories) throws Exception {
        return with(login, Installation::apply, repositories);
    }

    @CanIgnoreReturnValue
    Plan uninstall(String... repositories) throws Exception {
        return with(database.connectOptions(), each -> each.remove(false), repositories);
    }

    @CanIgnoreReturnValue
    Plan with(PgConnectOptions login, Function<Installation, Future<Map<Side, Plan>>> action, String... repositories)
            throws Exception {
        return Installation.open(vertx, settings(login), List.of(repositories), new Patience(vertx, 3))
                .compose(installation -> action.apply(installation).eventually(installation::close))
                .await(SECONDS, TimeUnit.SECONDS)
                .get(Side.LEGACY);
    }

    Settings settings(PgConnectOptions login) {
        Settings both = CrossfadeExtension.settings(database, database);
        RestSettings rest = both.rest();
        return new Settings(
                SideSettings.at(login),
                null,
                new RestSettings(
                        rest.host(),
                        rest.port(),
                        List.of("public", "Склад"),
                        rest.extraSearchPath(),
                        rest.maxRows(),
                        rest.serviceKeys(),
                        rest.maxBodySize()),
                both.admin(),
                Map.of(),
                List.of());
    }

    /** The journal in the order of its numbers: repository, kind, keys; {@code !} marks what did not come through us. */
    List<String> journal() {
        return database.rows("""
                SELECT concat_ws(' ', r.name, j.kind, nullif(array_to_string(j.keys, ' ', 'NULL'), ''))
                FROM crossfade.journal AS j JOIN crossfade.repository AS r ON r.id = j.repository ORDER BY j.id
                """);
    }

    /** Empties the journal, runs the statements, gives the journal. */
    @CanIgnoreReturnValue
    List<String> captured(String statements) {
        database.execute("DELETE FROM crossfade.journal");
        database.execute(statements);
        return journal();
    }

    /** Another session. */
    Connection connect(String user) throws SQLException {
        PgConnectOptions at = database.connectOptions();
        return DriverManager.getConnection(
                "jdbc:postgresql://" + at.getHost() + ":" + at.getPort() + "/" + at.getDatabase(),
                user,
                at.getPassword());
    }

    Connection connect() throws SQLException {
        return connect(database.connectOptions().getUser());
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs something in a transaction that is then committed. */
    @CanIgnoreReturnValue
    <T> T inTransaction(Function<SqlConnection, Future<T>> work) throws Exception {
        return onConnection(connection -> connection
                .begin()
                .compose(transaction -> work.apply(connection)
                        .compose(result -> transaction.commit().map(result))));
    }

    <T> T onConnection(Function<SqlConnection, Future<T>> work) throws Exception {
        return PgConnection.connect(vertx, database.connectOptions())
                .compose(connection -> work.apply(connection).eventually(connection::close))
                .await(SECONDS, TimeUnit.SECONDS);
    }

    /** Until a session waits for a lock, at most a while. */
    void awaitLockWaiter() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("nobody waits for a lock");
            }
            Thread.onSpinWait();
        }
    }
}
