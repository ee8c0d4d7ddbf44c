package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.Crossfade;
import io.crossfade.migration.Stage;
import io.crossfade.settings.JournalSettings;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.RestClient;
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

/** Where the target takes the writes, everything that keeps a shadow equal and watches over it goes the other way. */
class ShadowedToLegacyTest {
    private static final String TABLES = """
            CREATE TABLE notes (id integer PRIMARY KEY, note text);
            INSERT INTO notes SELECT n, 'x' FROM generate_series(1, 20) AS n;
            CREATE TABLE others (id serial PRIMARY KEY);
            """;
    private static final String ROWS = "SELECT id, note FROM notes ORDER BY id";
    private static final String FENCES =
            "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'crossfade\\_fence%' AND tgenabled = 'A'";

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase legacy;
    private TestDatabase target;
    private Settings settings;
    private Crossfade crossfade;

    @BeforeEach
    void install() {
        legacy = PostgresServers.legacy().database(List.of(TABLES));
        target = PostgresServers.target().database(List.of(TABLES));
        Settings defaults = CrossfadeExtension.settings(legacy, target);
        RepositorySettings shadowed = new RepositorySettings(null, List.of(), Stage.SHADOW, 0, Map.of());
        settings = new Settings(
                defaults.legacy(),
                defaults.target(),
                defaults.rest(),
                defaults.admin(),
                Map.of("notes", shadowed, "others", shadowed),
                List.of());
        CrossfadeExtension.install(vertx, settings);
    }

    @AfterEach
    void stop() {
        if (crossfade != null) {
            crossfade.close().await();
        }
        vertx.close().await();
        legacy.drop();
        target.drop();
    }

    @Test
    void whatIsWrittenOnTheTargetReachesLegacyWhileAnotherGroupGoesTheOtherWay() {
        start("live", settings);
        awaitGreen();
        rest().post("/notes", "{\"id\":100,\"note\":\"served\"}").expectStatus(201);
        target.execute("UPDATE notes SET note = 'script' WHERE id = 3; DELETE FROM notes WHERE id = 4");
        legacy.execute("INSERT INTO others VALUES (7)");
        await("others follow", () -> target.number("SELECT count(*) FROM others") == 1);
        await("notes follow", () -> legacy.rows(ROWS).equals(target.rows(ROWS)));
        assertThat(legacy.rows(ROWS)).contains("100|served", "3|script").doesNotContain("4|x");
        assertThat(shadow("notes").getString("from")).isEqualTo("target");
        assertThat(shadow("notes").getString("to")).isEqualTo("legacy");
        assertThat(shadow("others").getString("from")).isEqualTo("legacy");
        assertThat(capture().getString("authority")).isEqualTo("target");
        assertThatThrownBy(() -> legacy.execute("DELETE FROM notes")).hasStackTraceContaining("are refused here");
        assertThatThrownBy(() -> target.execute("DELETE FROM others")).hasStackTraceContaining("are refused here");
    }

    @Test
    void aGroupThatTurnsIsReplayedFromItsNewAuthority() {
        crossfade = Crossfade.start(vertx, settings, false).await();
        legacy.execute("INSERT INTO notes VALUES (100, 'before')");
        await("there", () -> target.rows(ROWS).contains("100|before"));
        // What a cutover does, on a group that nobody writes to meanwhile.
        legacy.execute("UPDATE crossfade.state SET epoch = epoch + 1, moving_to = 'target' WHERE group_name = 'notes'");
        target.execute("BEGIN; UPDATE crossfade.state SET epoch = epoch + 2, authority = 'target', stage = 'live'"
                + " WHERE group_name = 'notes'; UPDATE crossfade.replayer SET token = token + 1 WHERE group_name = 'notes';"
                + " ALTER TABLE notes DISABLE TRIGGER crossfade_fence;"
                + " UPDATE crossfade.repository SET fence = NULL WHERE name = 'notes'; COMMIT;"
                + " INSERT INTO notes VALUES (101, 'after')");
        await("turned", () -> legacy.rows(ROWS).contains("101|after"));
        assertThat(shadow("notes").getString("from")).isEqualTo("target");
        assertThatThrownBy(() -> legacy.execute("DELETE FROM notes")).hasStackTraceContaining("are refused here");
        await("seen", () -> "target".equals(capture().getString("authority")));
        assertThat(capture().getString("red")).isNull();
        assertThat(target.number("SELECT generation FROM crossfade.capture WHERE group_name = 'notes'"))
                .isEqualTo(1);
    }

    @Test
    void theFenceOfLegacyIsRaisedAgainAndNeverOneOnTheTarget() {
        start("live", settings);
        awaitGreen();
        legacy.execute("ALTER TABLE notes DISABLE TRIGGER USER; UPDATE notes SET note = 'split';"
                + " INSERT INTO notes VALUES (200, 'split')");
        await("mended", () -> legacy.rows(ROWS).equals(target.rows(ROWS)) && legacy.number(FENCES) == 1 && isGreen());
        assertThat(target.rows(ROWS)).hasSize(20).doesNotContain("200|split", "1|split");
        assertThat(target.number(FENCES + " AND tgrelid = 'notes'::regclass")).isZero();
        assertThat(capture().getLong("generation")).isGreaterThan(1);
        assertThat(target.number("SELECT generation FROM crossfade.capture WHERE group_name = 'notes'"))
                .isGreaterThan(1);
        assertThat(legacy.number("SELECT generation FROM crossfade.capture WHERE group_name = 'notes'"))
                .isEqualTo(1);
    }

    @Test
    void aGapOnTheTargetIsWrittenDownThereAndInstallingBringsWhatWasMissed() {
        start("live", settings);
        awaitGreen();
        target.execute("ALTER TABLE notes DISABLE TRIGGER crossfade_capture_insert;"
                + " INSERT INTO notes VALUES (100, 'missed');"
                + " ALTER TABLE notes ENABLE ALWAYS TRIGGER crossfade_capture_insert");
        await("red", () -> String.valueOf(capture().getString("red")).contains("On target"));
        await(
                "written down",
                () -> target.rows("SELECT repositories FROM crossfade.capture WHERE group_name = 'notes'")
                        .equals(List.of("{notes}")));
        assertThat(legacy.number("SELECT count(*) FROM crossfade.capture WHERE broken_at IS NOT NULL"))
                .isZero();
        CrossfadeExtension.install(vertx, settings);
        await("green", () -> isGreen() && capture().getLong("generation") > 2);
        assertThat(legacy.rows(ROWS)).isEqualTo(target.rows(ROWS)).contains("100|missed");
        assertThat(legacy.number("SELECT count(*) FROM crossfade.journal")).isZero();
    }

    @Test
    void whatWasWrittenDownOnTheOldAuthorityStaysRedAndItsGenerationIsNotGivenOutAgain() {
        legacy.execute("UPDATE crossfade.capture SET generation = 7, broken_at = now(), repositories = '{notes}',"
                + " reason = 'a gap' WHERE group_name = 'notes'");
        start("live", settings);
        await(
                "taken over",
                () -> target.rows("SELECT generation, reason, repositories FROM crossfade.capture"
                                + " WHERE group_name = 'notes'")
                        .equals(List.of("8|a gap|{notes}")));
        await("red", () -> "a gap".equals(capture().getString("red")));
        CrossfadeExtension.install(vertx, settings);
        await("green", () -> isGreen() && capture().getLong("generation") > 8);
    }

    @Test
    void whatWasBeingComparedAnewOnTheOldAuthorityIsComparedAnewFromTheNewOne() {
        legacy.execute("UPDATE crossfade.capture SET generation = 3, mending = true, reason = 'compared anew'"
                + " WHERE group_name = 'notes'");
        legacy.execute("ALTER TABLE notes DISABLE TRIGGER USER; DELETE FROM notes WHERE id = 9;"
                + " ALTER TABLE notes ENABLE ALWAYS TRIGGER crossfade_capture_delete");
        CrossfadeExtension.install(vertx, settings);
        start("live", settings);
        await("green", () -> isGreen() && capture().getLong("generation") > 3);
        assertThat(legacy.rows(ROWS)).isEqualTo(target.rows(ROWS)).contains("9|x");
    }

    @Test
    void aRowThatLegacyRefusesIsListedThereAndTriedAgain() {
        legacy.execute("ALTER TABLE notes ADD CHECK (note <> 'refused')");
        CrossfadeExtension.install(vertx, settings);
        start("live", settings);
        target.execute("INSERT INTO notes VALUES (100, 'refused')");
        await("refused", () -> legacy.number("SELECT count(*) FROM crossfade.dead_letter") == 1);
        JsonObject letter = admin("/dead-letters").getJsonArray("deadLetters").getJsonObject(0);
        assertThat(letter.getString("side")).isEqualTo("legacy");
        target.execute("UPDATE notes SET note = 'fine' WHERE id = 100");
        await("tried", () -> legacy.rows(ROWS).contains("100|fine"));
    }

    @Test
    void inStageCompleteNothingIsReplayedAndLegacyStaysFencedAndTheJournalIsGivenUpAtTheAlarmSize() {
        start("complete", settings.with(new JournalSettings(60_000, 1L << 40, true)));
        await("fenced", () -> legacy.number(FENCES) == 1);
        awaitGreen();
        assertThat(shadow("notes")).isNull();
        target.execute("INSERT INTO notes SELECT n, 'many' FROM generate_series(1000, 30000) AS n");
        await("given up", () -> !isGreen() && target.number("SELECT count(*) FROM crossfade.journal") == 0);
        assertThat(capture().getString("red")).contains("disk of target");
        assertThat(legacy.rows("SELECT id FROM notes WHERE id >= 1000")).isEmpty();
        assertThat(legacy.number("SELECT count(*) FROM crossfade.capture WHERE given_up"))
                .isZero();
        assertThatThrownBy(() -> legacy.execute("DELETE FROM notes")).hasStackTraceContaining("are refused here");
    }

    @Test
    void whatLiesInTheJournalOfLegacyIsClearedAndTheTargetsJournalKept() {
        legacy.execute("INSERT INTO notes SELECT n, 'many' FROM generate_series(1000, 30000) AS n");
        legacy.execute("INSERT INTO others VALUES (7)");
        target.execute("INSERT INTO notes VALUES (100, 'kept')");
        start("complete", settings.with(new JournalSettings(60_000, 1L << 40, true)));
        await("cleared", () -> legacy.number("SELECT count(*) FROM crossfade.journal") == 0);
        awaitGreen();
        assertThat(target.number("SELECT count(*) FROM crossfade.journal")).isEqualTo(1);
    }

    /** The group of the notes stands in a stage in which the target takes the writes, whoever looks. */
    private void start(String stage, Settings with) {
        String insert = "INSERT INTO crossfade.state"
                + " (group_name, epoch, stage, authority, moving_to, rollout, changed_by, reason) VALUES ('notes', ";
        legacy.execute(insert + "2, 'rollout', 'legacy', 'target', 0, 'test', 'cutover')");
        target.execute(insert + "3, '" + stage + "', 'target', null, 0, 'test', 'cutover')");
        crossfade = Crossfade.start(vertx, with, false).await();
    }

    private void awaitGreen() {
        await("green", this::isGreen);
    }

    private boolean isGreen() {
        return "target".equals(capture().getString("authority")) && capture().getString("red") == null;
    }

    private JsonObject capture() {
        JsonObject found = find("capture", "notes");
        return found == null ? new JsonObject() : found;
    }

    private JsonObject shadow(String group) {
        return find("shadow", group);
    }

    private JsonObject find(String list, String group) {
        return admin("/status").getJsonArray(list).stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("group").equals(group))
                .findFirst()
                .orElse(null);
    }

    private JsonObject admin(String path) {
        return new JsonObject(new RestClient("http://127.0.0.1:" + crossfade.adminPort() + "/api")
                .request("GET", path)
                .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN)
                .send()
                .body());
    }

    private RestClient rest() {
        return new RestClient("http://127.0.0.1:" + crossfade.restPort() + "/rest/v1");
    }

    private static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
