package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.migration.Stage;
import io.crossfade.settings.JournalSettings;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.Stages;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever keeps capture or fence from working is noticed, shown, and closed again; the application goes on. */
class WatchedCaptureTest {
    private static final String TABLES = """
            CREATE TABLE notes (id integer PRIMARY KEY, note text);
            INSERT INTO notes SELECT n, 'x' FROM generate_series(1, 20) AS n;
            CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN NEW.note := upper(NEW.note); RETURN NEW; END $$;
            """;
    private static final String ROWS = "SELECT id, note FROM notes ORDER BY id";

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase legacy;
    private TestDatabase target;
    private TcpRelay wireToLegacy;
    private Settings settings;
    private Crossfade crossfade;

    @BeforeEach
    void install() {
        legacy = PostgresServers.legacy().database(List.of(TABLES));
        target = PostgresServers.target().database(List.of(TABLES));
        wireToLegacy = new TcpRelay(legacy.connectOptions());
        settings = settings(Stage.SHADOW);
        CrossfadeExtension.install(vertx, settings);
    }

    @AfterEach
    void stop() {
        if (crossfade != null) {
            crossfade.close().await();
        }
        vertx.close().await();
        wireToLegacy.close();
        legacy.drop();
        target.drop();
    }

    @Test
    void aGapThatWasClosedAgainIsNoticedAndInstallingBringsWhatWasMissed() {
        start(settings);
        awaitSeen();
        legacy.execute("ALTER TABLE notes DISABLE TRIGGER crossfade_capture_insert;"
                + " INSERT INTO notes VALUES (100, 'missed');"
                + " ALTER TABLE notes ENABLE ALWAYS TRIGGER crossfade_capture_insert");
        await("red", () -> String.valueOf(capture().getString("red")).contains("crossfade install"));
        rest().post("/notes", "{\"id\":101,\"note\":\"served\"}").expectStatus(201);
        long generation = capture().getLong("generation");
        CrossfadeExtension.install(vertx, settings);
        await("green", () -> isGreen() && capture().getLong("generation") > generation);
        assertThat(target.rows(ROWS)).isEqualTo(legacy.rows(ROWS)).contains("100|missed");
    }

    @Test
    void aGapWhileNoProxyRanIsNoticedByTheNextOne() {
        legacy.execute("ALTER TABLE notes DISABLE TRIGGER USER; INSERT INTO notes VALUES (100, 'missed')");
        start(settings);
        await("red", () -> isSeen() && !isGreen());
        CrossfadeExtension.install(vertx, settings);
        await("green", this::isGreen);
        assertThat(target.rows(ROWS)).isEqualTo(legacy.rows(ROWS));
    }

    @Test
    void aTableThatChangedOnTheTargetAloneMakesItsGroupRedUntilItIsInstalledAgain() {
        start(settings);
        awaitSeen();
        target.execute("ALTER TABLE notes ADD extra text");
        await("red", () -> String.valueOf(capture().getString("red")).contains("On target"));
        CrossfadeExtension.install(vertx, settings);
        await("green", this::isGreen);
    }

    @Test
    void aFenceThatAScriptDisabledIsRaisedAgainAndWhatWasWrittenBehindItIsUndone() {
        target.execute("CREATE TRIGGER loud BEFORE INSERT OR UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION shout()");
        CrossfadeExtension.install(vertx, settings);
        start(settings);
        awaitSeen();
        target.execute("ALTER TABLE notes DISABLE TRIGGER USER; UPDATE notes SET note = 'split';"
                + " INSERT INTO notes VALUES (200, 'split'); ALTER TABLE notes ENABLE TRIGGER USER");
        await("mended", () -> target.rows(ROWS).equals(legacy.rows(ROWS)) && isGreen());
        assertThat(target.value("SELECT tgenabled FROM pg_trigger WHERE tgname = 'crossfade_fence'"))
                .isEqualTo("A");
        assertThat(target.value("SELECT tgenabled FROM pg_trigger WHERE tgname = 'loud'"))
                .isEqualTo("D");
        assertThat(target.rows("SELECT undo FROM crossfade.undo WHERE purpose = 'user-trigger'"))
                .hasSize(1);
        assertThat(capture().getLong("generation")).isGreaterThan(1);
    }

    @Test
    void aDatabaseThatWasRestoredFromAnOlderCopyMakesItsGroupsRed() {
        legacy.close();
        String name = legacy.connectOptions().getDatabase();
        TestDatabase server = PostgresServers.legacy().database(List.of("SELECT 1"));
        server.execute("CREATE DATABASE " + name + "_old TEMPLATE " + name);
        start(settings);
        awaitSeen();
        rest().post("/notes", "{\"id\":300,\"note\":\"lost by the restore\"}").expectStatus(201);
        crossfade.caughtUp().await();
        wireToLegacy.cut();
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
        legacy.close();
        server.execute("ALTER DATABASE " + name + " RENAME TO " + name + "_gone");
        server.execute("ALTER DATABASE " + name + "_old RENAME TO " + name);
        wireToLegacy.restore();
        await("red", () -> String.valueOf(capture().getString("red")).contains("restored"));
        CrossfadeExtension.install(vertx, settings);
        await("green", this::isGreen);
        assertThat(target.rows(ROWS)).isEqualTo(legacy.rows(ROWS));
        server.execute("DROP DATABASE " + name + "_gone");
        server.drop();
    }

    @Test
    void aDatabaseWhoseLogWentBackMakesItsGroupsRed() {
        target.execute("UPDATE crossfade.witness SET position = position + 1000000000000");
        start(settings);
        await("red", () -> String.valueOf(capture().getString("red")).contains("older state"));
    }

    @Test
    void whatDidNotComeThroughAProxyIsCountedOnce() {
        start(settings);
        legacy.execute("UPDATE notes SET note = 'bypass' WHERE id < 4; INSERT INTO notes VALUES (400, 'bypass')");
        rest().post("/notes", "{\"id\":401,\"note\":\"through\"}").expectStatus(201);
        crossfade.caughtUp().await();
        await("counted", () -> isSeen() && capture().getLong("bypassEntries") == 2);
        assertThat(capture().getString("bypassSeenAt")).isNotNull();
        assertThat(new RestClient("http://127.0.0.1:" + crossfade.adminPort())
                        .get("/metrics")
                        .body())
                .contains("crossfade_bypass_writes_total{group=\"notes\"} 2.0");
    }

    @Test
    void aFullJournalIsGivenUpAndTheGroupStartsAnewAfterInstalling() {
        Settings small = settings.with(new JournalSettings(60_000, 60_000, true));
        start(small);
        awaitSeen();
        target.execute("ALTER TABLE crossfade.replayer RENAME TO replayer_away");
        legacy.execute("INSERT INTO notes SELECT n, 'many' FROM generate_series(1000, 30000) AS n");
        await(
                "given up",
                () -> String.valueOf(capture().getString("red")).contains("given up")
                        && stage().equals("off")
                        && legacy.number("SELECT count(*) FROM crossfade.journal") == 0);
        rest().post("/notes", "{\"id\":500,\"note\":\"served\"}").expectStatus(201);
        assertThat(legacy.number("SELECT count(*) FROM crossfade.journal")).isZero();
        assertThat(move("dual-write")).isEqualTo(409);
        target.execute("ALTER TABLE crossfade.replayer_away RENAME TO replayer");
        CrossfadeExtension.install(vertx, settings);
        await("moved", () -> move("dual-write") == 200);
        await("green", this::isGreen);
        assertThat(target.rows(ROWS)).isEqualTo(legacy.rows(ROWS)).contains("500|served");
    }

    @Test
    void aFullJournalIsKeptWhereTheOperatorSaidSo() {
        start(settings.with(new JournalSettings(60_000, 60_000, false)));
        awaitSeen();
        target.execute("ALTER TABLE crossfade.replayer RENAME TO replayer_away");
        legacy.execute("INSERT INTO notes SELECT n, 'many' FROM generate_series(1000, 30000) AS n");
        // What it does where it gives nothing up.
        await(
                "it was looked at",
                () -> legacy.number("SELECT vacuum_count FROM pg_stat_all_tables"
                                + " WHERE relid = 'crossfade.journal'::regclass")
                        > 0);
        assertThat(stage()).isEqualTo("shadow");
        assertThat(legacy.number("SELECT sum(cardinality(keys)) FROM crossfade.journal"))
                .isEqualTo(29_001);
        target.execute("ALTER TABLE crossfade.replayer_away RENAME TO replayer");
        await("replayed", () -> legacy.number("SELECT count(*) FROM crossfade.journal") == 0);
        assertThat(target.rows(ROWS)).isEqualTo(legacy.rows(ROWS));
        assertThat(stage()).isEqualTo("shadow");
    }

    @Test
    void theJournalOfAGroupThatNobodyShadowsIsGivenUpAtTheAlarmSize() {
        legacy.execute("INSERT INTO notes SELECT n, 'many' FROM generate_series(1000, 30000) AS n");
        start(settings(Stage.OFF).with(new JournalSettings(60_000, 1L << 40, true)));
        await("given up", () -> isSeen() && !isGreen() && legacy.number("SELECT count(*) FROM crossfade.journal") == 0);
    }

    private boolean isSeen() {
        return !status().getJsonArray("capture").isEmpty();
    }

    private void awaitSeen() {
        await("seen", () -> isSeen() && isGreen());
    }

    private boolean isGreen() {
        return capture().getString("red") == null;
    }

    private JsonObject capture() {
        return isSeen()
                ? status().getJsonArray("capture").getJsonObject(0)
                : new JsonObject().put("red", "not seen yet");
    }

    private JsonObject status() {
        return new JsonObject(admin().request("GET", "/status")
                .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN)
                .send()
                .body());
    }

    private String stage() {
        return new JsonObject(admin().request("GET", "/repositories/notes")
                        .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN)
                        .send()
                        .body())
                .getString("stage");
    }

    private int move(String stage) {
        return Stages.move(crossfade, "notes", Stage.byLabel(stage).orElseThrow())
                .status();
    }

    private static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    private void start(Settings with) {
        crossfade = Crossfade.start(vertx, with, false).await();
    }

    private RestClient rest() {
        return new RestClient("http://127.0.0.1:" + crossfade.restPort() + "/rest/v1");
    }

    private RestClient admin() {
        return new RestClient("http://127.0.0.1:" + crossfade.adminPort() + "/api");
    }

    private Settings settings(Stage stage) {
        Settings defaults = CrossfadeExtension.settings(legacy, target);
        return new Settings(
                SideSettings.at(wireToLegacy.connectOptions()),
                defaults.target(),
                defaults.rest(),
                defaults.admin(),
                Map.of("notes", new RepositorySettings(null, List.of(), stage, 0, Map.of())),
                List.of());
    }
}
