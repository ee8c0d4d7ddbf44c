package io.crossfade.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.cli.Main;
import io.crossfade.testing.CrashableServer;
import io.crossfade.testing.ProxyProcess;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Two databases, each on a server that can crash, and a wire to each that can be cut. Capture is installed, and
 * a proxy started here shadows every table. The proxy logs in as the owner of the tables, who is no superuser, so that
 * foreign keys and their actions are at work on the shadow.
 */
final class CrashRig implements AutoCloseable {
    private static final String OWNER = "mover";
    private static final String ROLE = """
            DO $$ BEGIN
              IF to_regrole('mover') IS NULL THEN CREATE ROLE mover LOGIN PASSWORD 'mover'; END IF;
            END $$;
            GRANT ALL ON SCHEMA public TO mover;
            SET ROLE mover;
            """;
    private static final String GIVE = """
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO mover', current_database()); END $$""";

    final CrashableServer legacyServer = CrashableServer.legacy();
    final CrashableServer targetServer = CrashableServer.target();
    final TestDatabase legacy;
    final TestDatabase target;
    final TcpRelay legacyWire;
    final TcpRelay targetWire;
    private final List<TcpRelay> wires = new ArrayList<>();
    private final List<ProxyProcess> proxies = new ArrayList<>();
    private final Map<String, String> groups;

    /** Makes both databases and installs capture; {@code groups} names each table and its group. */
    CrashRig(String tables, String onlyOnTarget, Map<String, String> groups) {
        this.groups = groups;
        legacy = legacyServer.database(ROLE + tables);
        target = targetServer.database(ROLE + tables + ";" + onlyOnTarget);
        List.of(legacy, target).forEach(database -> database.execute(GIVE));
        legacyWire = wire(legacy);
        targetWire = wire(target);
        StringWriter printed = new StringWriter();
        int code = Main.commandLine(Map.of())
                .setOut(new PrintWriter(printed))
                .setErr(new PrintWriter(printed))
                .execute("install", "--config", config(legacyWire, targetWire).toString());
        assertThat(code).as(printed.toString()).isZero();
    }

    /** One more wire to a database. */
    TcpRelay wire(TestDatabase database) {
        TcpRelay wire = new TcpRelay(database.connectOptions());
        wires.add(wire);
        return wire;
    }

    /** A new proxy in a process of its own, on the wires that all share. */
    ProxyProcess proxy(String... options) {
        return proxy(legacyWire, targetWire, options);
    }

    /** A new proxy in a process of its own, on wires of its own. */
    ProxyProcess proxy(TcpRelay toLegacy, TcpRelay toTarget, String... options) {
        // It lives for seconds: what matters is that it starts soon.
        List<String> all = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        all.addAll(List.of(options));
        ProxyProcess proxy = ProxyProcess.run(config(toLegacy, toTarget), all.toArray(String[]::new));
        synchronized (proxies) {
            proxies.add(proxy);
        }
        return proxy;
    }

    /** A session straight to legacy, as psql would open one. */
    Connection session() throws SQLException {
        return session(legacy);
    }

    /** A session straight to a database, as psql would open one. */
    static Connection session(TestDatabase database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + database.connectOptions().getPort() + "/"
                        + database.connectOptions().getDatabase(),
                OWNER,
                OWNER);
    }

    static void execute(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Stops a server at once, and starts it again after something was done without it. */
    void crash(CrashableServer server, Runnable meanwhile) {
        server.crash();
        legacy.close();
        target.close();
        meanwhile.run();
        server.restart();
    }

    /**
     * Waits until legacy's journal is empty; the load must have stopped. A slice that holds a part of a transaction may
     * leave rows out whose parents or unique values come with a later one; they come when they are tried again.
     */
    void awaitDrained() {
        long least = Long.MAX_VALUE;
        Instant deadline = Instant.MAX;
        // However long the backlog and however slow the machine: what counts is that it becomes less.
        for (long left = left(); left > 0; left = left()) {
            if (left < least) {
                least = left;
                deadline = Instant.now().plusSeconds(90);
            }
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("left: "
                        + legacy.rows("SELECT repository, count(*) FROM crossfade.journal GROUP BY 1") + " "
                        + target.rows("SELECT repository, key, sqlstate, problem, attempts, next_try_at - now()"
                                + " FROM crossfade.dead_letter"));
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    private long left() {
        return legacy.number("SELECT count(*) FROM crossfade.journal")
                + target.number("SELECT count(*) FROM crossfade.dead_letter");
    }

    /** Every table holds the same rows on both sides, in the columns that both have, and no row was refused. */
    void assertBothSidesEqual() {
        for (String table : groups.keySet()) {
            String columns =
                    legacy.value("SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
                            + " WHERE attrelid = '" + table + "'::regclass AND attnum > 0 AND NOT attisdropped");
            String rows = "SELECT ROW(" + columns + ")::text FROM " + table + " ORDER BY 1";
            assertThat(target.rows(rows)).as(table).isEqualTo(legacy.rows(rows));
        }
        assertThat(target.rows("SELECT repository, sqlstate, problem FROM crossfade.dead_letter"))
                .as("dead letters")
                .isEmpty();
    }

    static void await(String what, BooleanSupplier condition) {
        await(what, Duration.ofSeconds(60), condition);
    }

    static void await(String what, Duration most, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(most);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        proxies.forEach(ProxyProcess::kill);
        wires.forEach(TcpRelay::close);
        legacy.drop();
        target.drop();
    }

    private Path config(TcpRelay toLegacy, TcpRelay toTarget) {
        StringBuilder yaml = new StringBuilder("legacy: {url: \"" + url(toLegacy, legacy) + "\"}\ntarget: {url: \""
                + url(toTarget, target) + "\"}\nrest: {port: 0}\nadmin: {port: 0, token: test-token}\nrepositories:\n");
        groups.forEach((table, group) -> yaml.append("  ")
                .append(table)
                .append(": {stage: shadow, group: ")
                .append(group)
                .append("}\n"));
        try {
            Path file = Files.createTempFile("crash", ".yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String url(TcpRelay wire, TestDatabase database) {
        return "postgres://" + OWNER + ":" + OWNER + "@127.0.0.1:" + wire.port() + "/"
                + database.connectOptions().getDatabase() + "?sslmode=disable";
    }
}
