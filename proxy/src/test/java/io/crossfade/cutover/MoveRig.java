package io.crossfade.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.cli.Main;
import io.crossfade.migration.Side;
import io.crossfade.testing.CrashableServer;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Two databases on servers that can crash, two proxies in processes of their own, and one group whose authority moves. It
 * begins in stage {@code rollout} at 50 %.
 */
final class MoveRig implements AutoCloseable {
    static final String GROUP = "app";
    static final List<String> TABLES = List.of("notes", "totals");
    private static final String OWNER = "mover";

    /** A row that was written twice is there twice: nothing but its caller keeps a key unique. */
    private static final String SCHEMA = """
            DO $$ BEGIN
              IF to_regrole('mover') IS NULL THEN CREATE ROLE mover LOGIN PASSWORD 'mover'; END IF;
            END $$;
            GRANT ALL ON SCHEMA public TO mover;
            SET ROLE mover;
            CREATE TABLE notes (id serial PRIMARY KEY, key uuid NOT NULL, version bigint NOT NULL);
            CREATE INDEX ON notes (key);
            CREATE TABLE totals (id integer PRIMARY KEY, n bigint NOT NULL);
            INSERT INTO totals SELECT i, 0 FROM generate_series(1, 16) AS i""";

    private static final String GIVE = """
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO mover', current_database()); END $$""";

    /** Installed here, known nowhere else yet: every instance follows it. */
    private static final String BEGINNING = """
            INSERT INTO crossfade.state (group_name, epoch, stage, authority, rollout, changed_by, reason)
            VALUES ('app', 1, 'rollout', 'legacy', 50, 'olga', 'the beginning')""";

    /** What an operator decides elsewhere. */
    private static final String ROLLOUT = """
            WITH changed AS (
              UPDATE crossfade.state SET (epoch, stage, rollout, changed_by, reason) = (epoch + 1, 'rollout', %s, 'olga', 'on')
              WHERE authority = 'legacy' AND moving_to IS NULL RETURNING group_name)
            SELECT pg_notify('crossfade_state', group_name) FROM changed""";

    final CrashableServer legacyServer = CrashableServer.legacy();
    final CrashableServer targetServer = CrashableServer.target();
    final TestDatabase legacy = legacyServer.database(SCHEMA);
    final TestDatabase target = targetServer.database(SCHEMA);
    final Instance one;
    final Instance other;

    /** @param timeout of a cutover */
    MoveRig(Duration timeout) {
        this(timeout, timeout);
    }

    /** Two instances that have been configured differently. */
    MoveRig(Duration timeoutOfOne, Duration timeoutOfOther) {
        List.of(legacy, target).forEach(database -> database.execute(GIVE));
        Map<Side, TcpRelay> wires = wires();
        Path config = config(wires, timeoutOfOne);
        StringWriter printed = new StringWriter();
        int code = Main.commandLine(Map.of())
                .setOut(new PrintWriter(printed))
                .setErr(new PrintWriter(printed))
                .execute("install", "--config", config.toString());
        assertThat(code).as(printed.toString()).isZero();
        legacy.execute(BEGINNING);
        one = new Instance(
                "one",
                Objects.requireNonNull(wires.get(Side.LEGACY)),
                Objects.requireNonNull(wires.get(Side.TARGET)),
                config);
        Map<Side, TcpRelay> more = wires();
        other = new Instance(
                "other",
                Objects.requireNonNull(more.get(Side.LEGACY)),
                Objects.requireNonNull(more.get(Side.TARGET)),
                config(more, timeoutOfOther));
        var unused = awaitSettled();
    }

    private Map<Side, TcpRelay> wires() {
        return Map.of(
                Side.LEGACY, new TcpRelay(legacy.connectOptions()), Side.TARGET, new TcpRelay(target.connectOptions()));
    }

    Instance besides(Instance instance) {
        return instance == one ? other : one;
    }

    TestDatabase on(Side side) {
        return side == Side.LEGACY ? legacy : target;
    }

    /** A session straight to a database, as psql would open one. */
    Connection session(Side side) throws SQLException {
        var options = on(side).connectOptions();
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + options.getPort() + "/" + options.getDatabase(), OWNER, OWNER);
    }

    /** Has reads go to the target once more, and waits until every instance knows it. */
    void toRollout(double share) {
        legacy.rows(ROLLOUT.formatted(share));
        var unused = awaitSettled();
        assertThat(legacy.value("SELECT stage FROM crossfade.state")).isEqualTo("rollout");
        for (Instance instance : List.of(one, other)) {
            await(instance.name + " knows of it", () -> instance.stage().equals("rollout"));
        }
    }

    /** What that side's row says: epoch, stage, authority, and where it is moving to. */
    String row(Side side) {
        return on(side).value("SELECT concat_ws(' ', epoch, stage, authority, moving_to) FROM crossfade.state");
    }

    long epoch(Side side) {
        return on(side).number("SELECT epoch FROM crossfade.state");
    }

    boolean isMoving(Side side) {
        return !on(side).rows("SELECT FROM crossfade.state WHERE moving_to IS NOT NULL")
                .isEmpty();
    }

    /** Whether that side says of itself that it takes the writes. */
    boolean claims(Side side) {
        return on(side).value("SELECT authority FROM crossfade.state").equals(side.label()) && !isMoving(side);
    }

    /** The tables of that side that refuse writes. */
    List<String> fenced(Side side) {
        return on(side).rows(
                        "SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'crossfade_fence' AND tgenabled = 'A'"
                                + " ORDER BY 1");
    }

    /**
     * Waits until both rows say the same of one authority.
     *
     * @return the side that takes the writes; its fence is down, and that of the other is up
     */
    Side awaitSettled() {
        await(
                "both sides say the same of one authority: ",
                () -> legacy.rows("SELECT FROM crossfade.state").size() == 1
                        && target.rows("SELECT FROM crossfade.state").size() == 1
                        && row(Side.LEGACY).equals(row(Side.TARGET))
                        && !isMoving(Side.LEGACY));
        assertThat(claims(Side.LEGACY)).isNotEqualTo(claims(Side.TARGET));
        Side authority = claims(Side.LEGACY) ? Side.LEGACY : Side.TARGET;
        assertThat(fenced(authority)).as("the fence of the authority").isEmpty();
        assertThat(fenced(authority.other())).as("the fence of the shadow").containsExactlyElementsOf(TABLES);
        return authority;
    }

    /** Waits until nothing is left to replay, in either direction, and wants the same rows on both sides. */
    void awaitEqual() {
        for (Side side : Side.values()) {
            await(
                    "the journal of " + side.label() + " is empty",
                    () -> on(side).number("SELECT count(*) FROM crossfade.journal") == 0);
        }
        for (String table : TABLES) {
            String rows = "SELECT count(*) || ' ' || md5(string_agg(t::text, ' ' ORDER BY id)) FROM " + table + " AS t";
            assertThat(target.value(rows)).as(table).isEqualTo(legacy.value(rows));
        }
        for (Side side : Side.values()) {
            assertThat(on(side).rows("SELECT repository, sqlstate, problem FROM crossfade.dead_letter"))
                    .isEmpty();
        }
    }

    /** Ends a server at once and starts it again. */
    void crash(Side side, Runnable meanwhile) {
        CrashableServer server = side == Side.LEGACY ? legacyServer : targetServer;
        server.crash();
        on(side).close();
        meanwhile.run();
        server.restart();
    }

    /**
     * Moves the authority, as an operator does who tries again where it is not possible yet.
     *
     * @return how long it says that writes were held, in milliseconds
     */
    double move(Instance driver, String what) {
        String[] begun = {""};
        await(what + " begins", () -> {
            begun[0] = driver.begin(what).orElse("");
            return !begun[0].isEmpty();
        });
        JsonNode ended = driver.awaitEnd(begun[0]);
        assertThat(ended.path("state").asText()).as(ended.toPrettyString()).isEqualTo("done");
        return ended.path("report").path(GROUP + ".holdMillis").asDouble();
    }

    static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(90));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        for (Instance instance : List.of(one, other)) {
            instance.close();
            instance.toLegacy.close();
            instance.toTarget.close();
        }
        legacy.drop();
        target.drop();
    }

    private Path config(Map<Side, TcpRelay> wires, Duration timeout) {
        String yaml = "legacy: {url: \"" + url(Objects.requireNonNull(wires.get(Side.LEGACY)), legacy)
                + "\"}\ntarget: {url: \""
                + url(Objects.requireNonNull(wires.get(Side.TARGET)), target)
                + "\"}\nrest: {port: 0}\nadmin: {port: 0, token: test-token}\ncutover: {timeout: " + timeout.toMillis()
                + "ms}\nrepositories:\n"
                + "  notes: {stage: shadow, group: app}\n  totals: {stage: shadow, group: app}\n";
        try {
            Path file = Files.createTempFile("moves", ".yaml");
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
