package io.crossfade.feature;

import static io.crossfade.feature.CounterRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.Crossfade;
import io.crossfade.comparison.Mismatch;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.ComparisonDropped;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.settings.ComparisonSettings;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.settings.TelemetrySettings;
import io.crossfade.telemetry.FakeSentry;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.LogLines;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A phone and a name are in the rows, in the calls and in what the databases complain about, and nowhere that people look. */
class PersonalDataTest {
    private static final String PHONE = "+79995550142";
    private static final String NAME = "Praskovya Testova";
    private static final String OTHER_NAME = "Glafira Testova";

    /** What they may be recognised by, however they are written. */
    private static final List<String> NEEDLES =
            List.of("79995550142", "praskovya", "glafira", hex("79995550142"), hex("Praskovya"), hex("Glafira"));

    /** The target can not read a name as a number, and says so with the name; and it holds the beginning of an alias only. */
    private static final String TABLES = """
            CREATE TABLE clients (phone text PRIMARY KEY, name text CHECK (name <> ''), visits integer, alias %s);
            CREATE TABLE visits (id integer PRIMARY KEY, code %s);
            CREATE FUNCTION shout(word text) RETURNS text LANGUAGE plpgsql AS $$
              BEGIN RAISE EXCEPTION 'no %%', word USING ERRCODE = 'ZZ001', DETAIL = word, HINT = word; END $$""";

    /** More than a value of the target's type holds, which cuts it without a word. */
    private static final String LONG_NAME = (NAME + " ").repeat(5);

    private static final int MOST_OF_A_NAME = 63;

    private static final String IN_ROWS = "public.clients";
    private static final List<String> GETS_WITHOUT_END = List.of("/api/events");

    private final Vertx vertx = Vertx.vertx();
    private final FakeSentry sentry = new FakeSentry(vertx);
    private final LogLines logged = LogLines.down(Level.TRACE);
    private final List<ReadCompared> compared = new CopyOnWriteArrayList<>();
    private final List<Mismatch> mismatches = new CopyOnWriteArrayList<>();
    private final AtomicInteger dropped = new AtomicInteger();
    private final Buffer events = Buffer.buffer();
    private final TestDatabase legacy = PostgresServers.legacy().database(List.of(TABLES.formatted("text", "text")));
    private final TestDatabase target = PostgresServers.target().database(List.of(TABLES.formatted("name", "bigint")));
    private final TcpRelay toTarget = new TcpRelay(target.connectOptions());
    private Settings settings;
    private Crossfade proxy;

    @BeforeEach
    void open() {
        Settings usual = CrossfadeExtension.settings(legacy, target);
        RepositorySettings shadowed = new RepositorySettings(null, List.of(), Stage.SHADOW, 0, Map.of());
        settings = new Settings(
                        usual.legacy(),
                        SideSettings.at(toTarget.connectOptions()),
                        usual.rest(),
                        usual.admin(),
                        Map.of("clients", shadowed, "visits", shadowed),
                        List.of())
                .with(ComparisonSettings.DEFAULTS.sampling(100))
                .with(new TelemetrySettings(sentry.dsn(), "tests", null));
        CrossfadeExtension.install(vertx, settings);
        proxy = start();
    }

    @AfterEach
    void close() {
        logged.close();
        proxy.close().await();
        sentry.close();
        vertx.close().await();
        toTarget.close();
        legacy.drop();
        target.drop();
    }

    @Test
    void noPhoneAndNoNameLeavesTheRowsAndTheAnswersButThroughAnOperator() {
        listenToEvents();
        writeAndProvoke();
        writeWhatComesOutDifferently();
        compareWhatDiffers();
        compareWhatTheTargetCannotAnswer();
        compareWithASlowTarget();
        compareWithoutATarget();
        Map<String, String> answersThen = answers();
        proxy.close().await();
        assertThat(sentry.events()).isNotEmpty();
        // What is written down in the end is there by now, and a proxy that was just started tells it from there.
        proxy = start();

        Map<String, String> seen = everything(answersThen);
        assertThat(placesOf(seen, List.of("clients")))
                .as("it was looked into")
                .contains("log", "sentry", "events", "/metrics", "/api/status", "/api/mismatches", "/api/evidence")
                .contains("/api/statistics", "before: /api/status", "before: /api/mismatches")
                .contains("legacy crossfade.mismatch", "target crossfade.mismatch")
                .contains("legacy crossfade.tally", "target crossfade.tally", "legacy crossfade.compared");
        assertThat(placesOf(seen, NEEDLES)).containsExactly("legacy " + IN_ROWS, "target " + IN_ROWS);

        String id = legacy.value("SELECT id FROM crossfade.mismatch WHERE kind = 'value'");
        admin("POST", "/api/mismatches/" + id + "/resolve", "{\"reason\":\"" + NAME + " was asked\"}")
                .expectStatus(200);
        ((Logger) LoggerFactory.getLogger("io.crossfade.tests")).info("of the test itself: {}", PHONE);
        Map<String, String> entered = everything(Map.of());
        assertThat(placesOf(entered, NEEDLES))
                .as("what an operator has entered is found, and what the test has logged")
                .contains("legacy crossfade.audit", "legacy crossfade.mismatch", "/api/audit", "/api/mismatches", "log")
                .doesNotContain("sentry", "/metrics", "/api/evidence", "/api/statistics", "legacy crossfade.tally");
    }

    /** Rows come in by calls, some of which the front door or a database refuses with the caller's own words. */
    private void writeAndProvoke() {
        RestClient rest = rest();
        String row = "{\"phone\":\"" + PHONE + "\",\"name\":\"" + NAME + "\",\"visits\":1}";
        rest.post("/clients", row).expectStatus(201);
        rest.post("/clients", row).expectStatus(409);
        rest.post(
                        "/clients",
                        "[{\"phone\":\"2\",\"name\":\"" + NAME + "\"},{\"phone\":\"3\",\"name\":\"" + NAME + "\"}]")
                .expectStatus(201);
        rest.patch("/clients?phone=eq." + encoded(PHONE), "{\"name\":\"\"}").expectStatus(400);
        rest.patch("/clients?phone=eq." + encoded(PHONE), "{\"visits\":\"" + NAME + "\"}")
                .expectStatus(400);
        rest.post("/rpc/shout", "{\"word\":\"" + NAME + "\"}").expectStatus(400);
        rest.get("/clients?visits=eq." + NAME).expectStatus(400);
        rest.get("/clients?p" + PHONE.substring(1) + "=eq.1").expectStatus(400);
        rest.get("/t" + PHONE.substring(1)).expectStatus(404);
        proxy.caughtUp().await();
    }

    /** Replay finds what the target makes of a name, and samples it. */
    private void writeWhatComesOutDifferently() {
        String phone = PHONE + "5";
        rest().post("/clients", "{\"phone\":\"" + phone + "\",\"name\":\"x\",\"alias\":\"" + LONG_NAME + "\"}")
                .expectStatus(201);
        await("what was written is kept", () -> kept(legacy, "write") && kept(target, "write"));
        String id = legacy.value("SELECT id FROM crossfade.mismatch WHERE kind = 'write'");
        JsonNode samples = admin("GET", "/api/mismatches/" + id, null)
                .expectStatus(200)
                .json()
                .path("samples");
        assertThat(samples).hasSize(1);
        assertThat(samples.get(0).path("authoritySide").asText()).isEqualTo("legacy");
        assertMasked(samples.get(0).path("key"), "phone", phone.length());
        assertMasked(samples.get(0).path("authority"), "alias", LONG_NAME.length());
        assertMasked(samples.get(0).path("shadow"), "alias", MOST_OF_A_NAME);
    }

    private static void assertMasked(JsonNode image, String column, int length) {
        assertThat(image).hasSize(1);
        JsonNode value = image.get(0);
        assertThat(value.path("column").asText()).isEqualTo(column);
        assertThat(value.path("type").asText()).isEqualTo("text");
        assertThat(value.path("length").asInt()).isEqualTo(length);
        assertThat(value.path("hash").asText()).matches("[0-9a-f]{8}");
        assertThat(value.path("value").isNull()).isTrue();
    }

    /** One value, one row that is missing and one that is too many. */
    private void compareWhatDiffers() {
        plant("UPDATE clients SET name = '" + OTHER_NAME + "' WHERE phone = '" + PHONE + "';"
                + "DELETE FROM clients WHERE phone = '2'; INSERT INTO clients VALUES ('4', '" + OTHER_NAME + "', 1)");
        for (String kind : List.of("value", "missing", "extra")) {
            await(kind + " is kept", () -> {
                compared("/clients?phone=eq." + encoded(PHONE));
                compared("/clients?phone=eq.2&name=eq." + NAME);
                compared("/clients?phone=eq.4&name=neq." + NAME);
                return kept(legacy, kind) && kept(target, kind);
            });
        }
        assertThat(mismatches).anyMatch(Mismatch::confirmed);
        assertThat(mismatches.toString()).as("what it was found by").contains(PHONE, NAME, OTHER_NAME);
    }

    private void compareWhatTheTargetCannotAnswer() {
        compared("/visits?code=eq." + NAME);
        await("the error is kept", () -> kept(legacy, "error") && kept(target, "error"));
        assertThat(legacy.rows("SELECT samples FROM crossfade.mismatch WHERE kind = 'error'"))
                .as("that of the name")
                .anyMatch(samples -> samples.contains("22P02"));
    }

    private void compareWithASlowTarget() {
        target.execute("BEGIN; LOCK TABLE clients IN ACCESS EXCLUSIVE MODE");
        try {
            int before = dropped.get() + compared.size();
            await("a comparison ends by time", () -> {
                rest().get("/clients?name=eq." + NAME).expectStatus(200);
                return dropped.get() + compared.size() > before;
            });
        } finally {
            target.execute("ROLLBACK");
        }
        proxy.caughtUp().await();
    }

    private void compareWithoutATarget() {
        int before = dropped.get() + compared.size();
        toTarget.cut();
        await("a comparison has no target", () -> {
            rest().get("/clients?phone=eq." + encoded(PHONE)).expectStatus(200);
            return dropped.get() + compared.size() > before;
        });
        toTarget.restore();
        proxy.caughtUp().await();
    }

    /** Reads until it was compared: one that a busy machine could not compare in time is read again. */
    private void compared(String path) {
        int before = compared.size();
        await(path + " is compared", () -> {
            rest().get(path).expectStatus(200);
            return compared.size() > before;
        });
    }

    private static boolean kept(TestDatabase side, String kind) {
        return side.number("SELECT count(*) FROM crossfade.mismatch WHERE confirmed > 0 AND kind = '" + kind + "'") > 0;
    }

    /** Changes the target behind everybody's back, as a session that the fence takes for the replayer. */
    private void plant(String sql) {
        target.execute("BEGIN; SELECT set_config('crossfade.replaying', (SELECT token::text FROM crossfade.replayer"
                + " WHERE group_name = 'clients'), true); SET LOCAL session_replication_role = replica; " + sql
                + "; COMMIT");
    }

    /** By place. */
    private Map<String, String> everything(Map<String, String> answersThen) {
        Map<String, String> seen = new TreeMap<>(answers());
        answersThen.forEach((place, text) -> seen.put("before: " + place, text));
        seen.put("log", logged.text());
        seen.put("sentry", sentry.everything());
        synchronized (events) {
            seen.put("events", events.toString());
        }
        for (Map.Entry<String, TestDatabase> side :
                Map.of("legacy", legacy, "target", target).entrySet()) {
            String tables = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                    + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
            for (String table : side.getValue().rows(tables)) {
                seen.put(
                        side.getKey() + " " + table,
                        table + String.join("\n", side.getValue().rows("SELECT t::text FROM " + table + " AS t")));
            }
        }
        return seen;
    }

    /** What every path of the admin API answers that can be read. */
    private Map<String, String> answers() {
        Map<String, String> answers = new TreeMap<>();
        JsonNode paths = admin("GET", "/api/openapi.json", null).json().path("paths");
        paths.fieldNames().forEachRemaining(path -> {
            if (paths.path(path).has("get") && !GETS_WITHOUT_END.contains(path)) {
                StringBuilder told = new StringBuilder();
                for (String each : instancesOf(path)) {
                    told.append(admin("GET", each, null).body()).append('\n');
                }
                answers.put(path, told.toString());
            }
        });
        return answers;
    }

    private List<String> instancesOf(String path) {
        return switch (path) {
            case "/api/repositories/{name}" -> List.of("/api/repositories/clients", "/api/repositories/visits");
            case "/api/mismatches/{id}" -> legacy.rows("SELECT '/api/mismatches/' || id FROM crossfade.mismatch");
            // Nothing was moved.
            case "/api/operations/{id}" -> List.of();
            default -> {
                assertThat(path)
                        .as("a path whose parts this test does not know")
                        .doesNotContain("{");
                yield List.of(path);
            }
        };
    }

    private static Set<String> placesOf(Map<String, String> seen, List<String> needles) {
        Set<String> places = new TreeSet<>();
        seen.forEach((place, text) -> {
            String lower = text.toLowerCase(Locale.ROOT);
            if (needles.stream().anyMatch(needle -> lower.contains(needle.toLowerCase(Locale.ROOT)))) {
                places.add(place);
            }
        });
        return places;
    }

    private Crossfade start() {
        Crossfade started = Crossfade.start(vertx, settings, true, this::observe, mismatches::add)
                .await();
        started.caughtUp().await();
        return started;
    }

    private void observe(Observation observation) {
        if (observation instanceof ReadCompared read) {
            compared.add(read);
        } else if (observation instanceof ComparisonDropped) {
            dropped.incrementAndGet();
        }
    }

    private RestClient rest() {
        return new RestClient("http://127.0.0.1:" + proxy.restPort() + "/rest/v1");
    }

    private RestResponse admin(String method, String path, @Nullable String body) {
        RestClient.Request request = new RestClient("http://127.0.0.1:" + proxy.adminPort())
                .request(method, path)
                .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN);
        return body == null ? request.send() : request.json(body).send();
    }

    /** What the page of an operator is told as it happens. */
    private void listenToEvents() {
        var unused = vertx.createHttpClient()
                .request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setHost("127.0.0.1")
                        .setPort(proxy.adminPort())
                        .setURI("/api/events")
                        .putHeader("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN))
                .compose(request -> request.send())
                .onSuccess(response -> response.handler(piece -> {
                    synchronized (events) {
                        var unusedToo = events.appendBuffer(piece);
                    }
                }))
                .await();
    }

    private static String encoded(String phone) {
        return phone.replace("+", "%2B");
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
