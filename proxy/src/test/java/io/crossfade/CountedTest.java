package io.crossfade;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.crossfade.call.DatabaseFailure;
import io.crossfade.cli.Main;
import io.crossfade.evidence.Compared;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.CaptureBroken;
import io.crossfade.observation.Observation.ComparisonDropped;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.settings.Settings;
import io.crossfade.settings.TelemetrySettings;
import io.crossfade.sides.Sides;
import io.crossfade.telemetry.FakeSentry;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.LogLines;
import io.crossfade.testing.RestClient;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is counted of calls and comparisons, as operators see it, and what must never be in it. */
class CountedTest {
    private static final String PHONE = "+79995550142";
    private static final String NAME = "Прасковья Тестовая";

    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql("""
                    CREATE TABLE clients (phone text PRIMARY KEY, name text CHECK (name <> ''));
                    CREATE TABLE visits (id int PRIMARY KEY);
                    CREATE TABLE untouched (id int PRIMARY KEY);
                    CREATE FUNCTION shout(word text) RETURNS text LANGUAGE plpgsql AS $$
                      BEGIN RAISE EXCEPTION 'no %', word USING ERRCODE = 'ZZ001', DETAIL = word; END $$;""").withBothSidesEqual();

    private final Vertx vertx = Vertx.vertx();
    private final FakeSentry receiver = new FakeSentry(vertx);
    private final LogLines logged = LogLines.down(Level.DEBUG);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Settings settings;
    private Sides sides;
    private Listeners other;

    /** Another proxy on the same databases, of which only the counting is there. */
    @BeforeEach
    void open() {
        settings = CrossfadeExtension.settings(crossfade.legacy(), crossfade.target())
                .with(new TelemetrySettings(receiver.dsn(), "tests", null));
        other = new Listeners(vertx, settings);
        sides = Sides.open(vertx, settings, other);
        sides.probe().await();
        other.open(sides);
    }

    @AfterEach
    void close() {
        logged.close();
        sides.close().await();
        receiver.close();
        vertx.close().await();
        crossfade.legacy().execute("TRUNCATE clients, crossfade.tally");
        crossfade.target().execute("TRUNCATE crossfade.tally");
    }

    @Test
    void theStatusSetsTheTargetAgainstLegacyOverAllProxies() {
        RestClient rest = crossfade.rest();
        rest.post("/visits", "[{\"id\":1},{\"id\":2}]").expectStatus(201);
        rest.get("/visits").expectStatus(200);
        rest.get("/visits?id=eq.1").expectStatus(200);
        for (int n = 0; n < 40; n++) {
            other.observe(Compared.rows("visits", "select * from visits", 3, n == 0 ? 3 : 2));
        }
        other.observe(Compared.failed("visits", "select * from visits", null, "42501"));
        other.closeBooks().await();

        assertThat(execute("status", "--since", "48h")).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("visits +findMany +41 / 41 +0 / 1 +1.98 / 0.99 +1.98 / 0.99 +0.50 +120 / 81")
                .containsPattern("visits +insert +1 / - +0 / - +[0-9.]+ / - +[0-9.]+ / - +- +2 / -");
        JsonObject row = rows(json("status", "--since", "48h", "--json"), "visits", "answering", "findMany");
        assertThat(row.getLong("calls")).isEqualTo(2);
        assertThat(row.getLong("rows")).isEqualTo(3);
        assertThat(execute("status", "--since", "15d")).isEqualTo(1);
        assertThat(err.toString()).contains("'since' is a time such as");
    }

    @Test
    void theStatusSaysHowManyReadsWereNotComparedAndWarnsBelow95Percent() {
        for (int n = 0; n < 95; n++) {
            other.observe(Compared.rows("clients", "select * from clients", 1, 1));
            other.observe(Compared.rows("visits", "select * from visits", 1, 1));
        }
        drop("clients", "busy", Side.LEGACY, 2);
        drop("clients", "busy", null, 1);
        drop("clients", "side-down", Side.TARGET, 2);
        drop("visits", "side-down", Side.TARGET, 3);
        drop("visits", "busy", Side.LEGACY, 2);
        drop("visits", "busy", Side.TARGET, 2);
        drop("untouched", "catching-up", Side.TARGET, 1);
        other.closeBooks().await();

        assertThat(execute("status", "--since", "48h")).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("clients +100 +95 +95.00 % +(busy legacy×2|side-down target×2), .*busy×1\n")
                .containsPattern("visits +102 +95 +93.13 % +side-down target×3, busy legacy×2, busy target×2\n")
                .containsPattern("untouched +1 +0 +0.00 % +catching-up target×1\n")
                .contains("visits: only 93.13 % was compared, mostly because a database did not answer in time")
                .contains("(busy: legacy, target)")
                .contains(
                        "untouched: only 0.00 % was compared, mostly because the shadow was behind (catching-up: target)")
                .doesNotContain("clients: only");
        JsonObject answer = new JsonObject(json("status", "--since", "48h", "--json"));
        assertThat(answer.getJsonArray("sampled"))
                .contains(new JsonObject()
                        .put("repository", "untouched")
                        .put("reads", 1)
                        .put("compared", 0)
                        .put("comparedPercent", 0.0)
                        .put(
                                "notCompared",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("reason", "catching-up")
                                                .put("side", "target")
                                                .put("reads", 1))));
        assertThat(answer.getJsonArray("rows").encode()).doesNotContain("catching-up", "not-compared");
        assertThat(answer.getJsonArray("hours").encode()).doesNotContain("not-compared");
    }

    @Test
    void theEvidenceSaysWhatWasProvedAndThatSilenceAndTwoErrorsAreNoProof() {
        other.observe(Compared.rows("clients", "select name from clients where phone = ?", 1, 1));
        other.observe(Compared.rows("clients", "select name from clients where phone = ?", 0, 0));
        other.observe(Compared.rows("clients", "select never from clients", 0, 0));
        other.observe(Compared.differing("clients", "select differs from clients", true));
        other.observe(Compared.rows("clients", "select moving from clients", 1, 1));
        other.observe(Compared.differing("clients", "select moving from clients", false));
        other.observe(Compared.failed("clients", "select broken from clients", "42501", "42501"));
        other.closeBooks().await();

        assertThat(execute("status", "--evidence")).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("clients +proven +2 +50 % / 50 % +none / none +select name")
                .containsPattern("clients +no rows found +1 +0 % / 0 % +none / none +select never")
                .containsPattern("clients +differs +1 .*select differs")
                .containsPattern("clients +proven +2 .*select moving")
                .containsPattern("clients +errors on both sides +1 +0 % / 0 % +42501×1 / 42501×1 +select broken")
                .containsPattern("untouched +nothing compared +0");
    }

    @Test
    void namesThatACallerMadeUpAreNotKept() {
        other.observe(Compared.failed("clients", "select p" + PHONE + " from clients", "42703", "42703"));
        other.observe(Compared.failed("clients", "select id::p" + PHONE + " from clients", "42704", "42704"));
        other.closeBooks().await();

        assertThat(crossfade.legacy().rows("SELECT key FROM crossfade.tally WHERE book = 'evidence'"))
                .containsExactly("[\"clients\",\"findMany\",\"names that neither side has\"]");
    }

    @Test
    void noPhoneAndNoNameIsInALogLineAMetricAnEventOrANumber() {
        RestClient rest = crossfade.rest();
        String row = "{\"phone\":\"" + PHONE + "\",\"name\":\"" + NAME + "\"}";
        rest.post("/clients", row).expectStatus(201);
        rest.post("/clients", row).expectStatus(409);
        rest.patch("/clients?phone=eq." + PHONE.replace("+", "%2B"), "{\"name\":\"\"}")
                .expectStatus(400);
        rest.get("/clients?phone=eq." + PHONE.replace("+", "%2B")).expectStatus(200);
        rest.post("/rpc/shout", "{\"word\":\"" + PHONE + "\"}").expectStatus(400);
        rest.get("/clients?p" + PHONE.substring(1) + "=eq.1").expectStatus(400);
        rest.get("/t" + PHONE.substring(1)).expectStatus(404);
        DatabaseFailure said = new DatabaseFailure("23505", PHONE, "Key (phone)=(" + PHONE + ") already exists.", NAME);
        other.observe(new Unexpected("call", new IllegalStateException("INSERT " + NAME, said)));
        other.observe(new CaptureBroken("clients", "its trigger is gone"));
        other.observe(Compared.rows("clients", "select name from clients where phone = ?", 1, 1));
        other.closeBooks().await();
        other.close().await();

        String seen = String.join(
                "\n",
                receiver.everything(),
                new RestClient(admin()).get("/metrics").body(),
                other.registry().scrape(),
                json("status", "--since", "48h", "--json"),
                json("status", "--evidence", "--json"),
                String.join("\n", crossfade.legacy().rows("SELECT * FROM crossfade.tally")),
                String.join("\n", crossfade.target().rows("SELECT * FROM crossfade.tally")));
        assertThat(receiver.events()).hasSize(2);
        assertThat(seen)
                .contains("sqlstate-23", "select name from clients")
                .doesNotContain(PHONE.substring(1))
                .doesNotContain(NAME)
                .doesNotContain("public-key-of-the-tests");
        assertThat(logged.text())
                .contains("Unexpected failure in call", "java.lang.IllegalStateException", "DatabaseFailure")
                .contains("insert clients answered by legacy")
                .doesNotContain(PHONE.substring(1))
                .doesNotContain(NAME)
                .doesNotContain("public-key-of-the-tests");
    }

    private void drop(String repository, String reason, @Nullable Side side, int times) {
        for (int n = 0; n < times; n++) {
            other.observe(new ComparisonDropped(repository, reason, side));
        }
    }

    private static JsonObject rows(String answer, String repository, String role, String operation) {
        return new JsonObject(answer)
                .getJsonArray("rows").stream()
                        .map(JsonObject.class::cast)
                        .filter(row -> row.getString("repository").equals(repository)
                                && row.getString("role").equals(role)
                                && row.getString("operation").equals(operation))
                        .findFirst()
                        .orElseThrow();
    }

    private static String admin() {
        return "http://127.0.0.1:" + crossfade.proxy().adminPort();
    }

    private String json(String... command) {
        out.getBuffer().setLength(0);
        assertThat(execute(command)).as(err.toString()).isZero();
        return out.toString();
    }

    private int execute(String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        all.add("--url");
        all.add(admin());
        return Main.commandLine(Map.of("CROSSFADE_ADMIN_TOKEN", CrossfadeExtension.ADMIN_TOKEN))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }
}
