package io.crossfade.admin;

import static io.crossfade.rollout.RolloutFixture.TOKEN;
import static io.crossfade.rollout.RolloutFixture.inGroup;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.admin.AdminClient.Answer;
import io.crossfade.audit.AuditLog;
import io.crossfade.call.Operation;
import io.crossfade.gates.Gates;
import io.crossfade.guard.RolloutGuard;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.mismatch.MismatchDesk;
import io.crossfade.observation.CallTally;
import io.crossfade.observation.CallsServed;
import io.crossfade.observation.MetricsObserver;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.RolloutFixture;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.DeadLetterDesk;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import io.crossfade.state.RememberedStates;
import io.crossfade.work.Works;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminFrontDoorTest {
    private static final String CLIENTS = "/api/repositories/clients";

    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CallTally tally = new CallTally();
    private final List<Observation> observed = new CopyOnWriteArrayList<>();
    private final Observer observer = Observer.all(List.of(new MetricsObserver(registry), tally, observed::add));

    private volatile boolean legacyUp = true;
    private volatile Supplied sides = () -> List.of(
            new SideStatus(Side.LEGACY, "127.0.0.1:5432/app", legacyUp, legacyUp ? null : "connection refused", 20),
            new SideStatus(Side.TARGET, "127.0.0.1:5433/app", true, null, 20));

    private AdminClient admin;

    @BeforeEach
    void open() throws Exception {
        Settings settings = RolloutFixture.twoSides(Map.of(
                "clients", inGroup("clients", Stage.SHADOW, 0),
                "bookings", inGroup("visits", Stage.DUAL_WRITE, 0),
                "reminders", inGroup("visits", Stage.DUAL_WRITE, 0)));
        admin = opened(settings, Gates.NONE, registry);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    // Who may ask

    @ParameterizedTest
    @ValueSource(strings = {"/api/status", "/api/repositories", "/api/repositories/clients", "/api/nothing", "/api/"})
    void theApiAsksForTheToken(String path) {
        Answer answer = admin.send("GET", path, null);

        assertProblem(answer, 401, "CF401");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Bearer", "Bearer ", "Basic " + TOKEN, TOKEN, "Bearer " + TOKEN + "x"})
    void anythingButTheTokenIsRefused(String authorization) {
        assertProblem(admin.send("GET", "/api/status", null, "authorization", authorization), 401, "CF401");
    }

    @Test
    void aChangeWithoutTheTokenChangesNothing() {
        assertProblem(admin.send("PATCH", CLIENTS, "{\"stage\":\"off\"}"), 401, "CF401");

        assertThat(admin.get(CLIENTS).json().getString("stage")).isEqualTo("shadow");
    }

    @Test
    void theSchemeIsReadWhateverItsCase() {
        assertThat(admin.send("GET", "/api/status", null, "authorization", "bearer " + TOKEN)
                        .status())
                .isEqualTo(200);
    }

    // Looking

    @Test
    void theStatusNamesSidesAndEpoch() {
        legacyUp = false;

        JsonObject status = admin.get("/api/status").json();

        assertThat(status.getString("version")).isEqualTo("1.2.3");
        assertThat(status.getLong("uptimeSeconds")).isEqualTo(75);
        assertThat(status.getLong("epoch")).isEqualTo(3);
        assertThat(status.getJsonArray("shadow"))
                .containsExactly(new JsonObject()
                        .put("group", "clients")
                        .put("from", "legacy")
                        .put("to", "target")
                        .put("replayedHere", true)
                        .put("lagSeconds", 0.1)
                        .put("waiting", 3)
                        .put("catchingUp", false)
                        .put("deadLetters", 1)
                        .put("atRisk", 4)
                        .put("problem", null));
        JsonObject legacy = status.getJsonArray("sides").getJsonObject(0);
        assertThat(legacy)
                .isEqualTo(new JsonObject()
                        .put("side", "legacy")
                        .put("address", "127.0.0.1:5432/app")
                        .put("up", false)
                        .put("problem", "connection refused")
                        .put("poolSize", 20));
    }

    @Test
    void repositoriesAreListedByNameWithTheirCallsOfTheLastMinute() {
        observer.observe(CallsServed.ok("clients", Operation.FIND_ONE, Side.TARGET));
        observer.observe(CallsServed.ok("clients", Operation.FIND_ONE, Side.LEGACY));
        observer.observe(CallsServed.ok("clients", Operation.FIND_ONE, Side.LEGACY));
        observer.observe(CallsServed.ok("clients", Operation.INSERT, Side.LEGACY));

        Answer answer = admin.get("/api/repositories");
        JsonArray repositories = answer.json().getJsonArray("repositories");

        assertThat(answer.header("ETag")).isEqualTo("\"3\"");
        assertThat(names(repositories)).containsExactly("bookings", "clients", "reminders");
        JsonObject clients = repositories.getJsonObject(1);
        assertThat(clients.getJsonObject("callsPerMinute").getJsonObject("legacy"))
                .isEqualTo(new JsonObject().put("reads", 2).put("writes", 1));
        assertThat(clients.getDouble("measuredRollout")).isEqualTo(33.33);
        assertThat(repositories.getJsonObject(0).getValue("measuredRollout")).isNull();
    }

    @Test
    void anUnknownRepositoryIsAProblem() {
        assertProblem(admin.get("/api/repositories/nothing"), 404, "CF404");
        assertProblem(admin.patch("/api/repositories/nothing", "{\"stage\":\"shadow\"}"), 404, "CF404");
    }

    // Moving

    @Test
    void aChangeAnswersTheNewStateAndItsEpoch() {
        Answer answer = admin.patch(CLIENTS, "{\"stage\":\"rollout\",\"rollout\":12.5}", "If-Match", "\"3\"");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("ETag")).isEqualTo("\"4\"");
        assertThat(answer.json().getString("stage")).isEqualTo("rollout");
        assertThat(answer.json().getDouble("rollout")).isEqualTo(12.5);
        assertThat(admin.get(CLIENTS).json().getDouble("rollout")).isEqualTo(12.5);
    }

    @Test
    void aShareCanBeGivenForEachReadOperation() {
        Answer answer = admin.patch(CLIENTS, "{\"stage\":\"rollout\",\"rollout\":{\"findOne\":50,\"findMany\":5}}");

        assertThat(answer.json().getJsonObject("rolloutByOperation"))
                .isEqualTo(new JsonObject().put("findOne", 50.0).put("findMany", 5.0));
    }

    @Test
    void aGroupMovesTogether() {
        Answer answer = admin.patch("/api/repositories/bookings", "{\"stage\":\"shadow\"}");

        assertThat(answer.json().getJsonArray("moved")).containsExactly("bookings", "reminders");
        assertThat(admin.get("/api/repositories/reminders").json().getString("stage"))
                .isEqualTo("shadow");
    }

    @Test
    void anEpochMayBeGivenWithoutQuotesAndAStarMeansAny() {
        assertThat(admin.patch(CLIENTS, "{\"stage\":\"shadow\"}", "If-Match", "3")
                        .status())
                .isEqualTo(200);
        assertThat(admin.patch(CLIENTS, "{\"stage\":\"off\"}", "If-Match", "*").status())
                .isEqualTo(200);
        assertProblem(admin.patch(CLIENTS, "{\"stage\":\"off\"}", "If-Match", "\"one\""), 400, "CF400");
    }

    @Test
    void ofTwoChangesBasedOnOneEpochExactlyOneWins() {
        List<Integer> statuses = IntStream.of(10, 20)
                .parallel()
                .mapToObj(share -> admin.patch(
                                CLIENTS, "{\"stage\":\"rollout\",\"rollout\":" + share + "}", "If-Match", "\"3\"")
                        .status())
                .toList();

        assertThat(statuses).containsExactlyInAnyOrder(200, 412);
        assertThat(admin.get("/api/status").json().getLong("epoch")).isEqualTo(4);
    }

    @Test
    void theLoserIsToldWhichEpochHoldsNow() {
        assertThat(admin.patch(CLIENTS, "{\"stage\":\"shadow\"}", "If-Match", "3")
                        .status())
                .isEqualTo(200);

        Answer late = admin.patch(CLIENTS, "{\"stage\":\"off\"}", "If-Match", "3");

        assertProblem(late, 412, "CF412");
        assertThat(late.detail()).contains("based on epoch 3").contains("now 4");
    }

    @ParameterizedTest
    @CsvSource({
        "live, stage 'live' cannot be reached from 'shadow' at once",
        "complete, stage 'complete' cannot be reached from 'shadow' at once"
    })
    void aStageThatIsTooFarIsRefused(String stage, String reason) {
        Answer answer = admin.patch(CLIENTS, "{\"stage\":\"" + stage + "\"}");

        assertProblem(answer, 409, "CF409");
        assertThat(answer.detail()).startsWith(reason);
    }

    @Test
    void aShareOutsideOfStageRolloutIsRefused() {
        assertProblem(admin.patch(CLIENTS, "{\"stage\":\"shadow\",\"rollout\":5}"), 409, "CF409");
        assertProblem(admin.patch(CLIENTS, "{\"rollout\":5}"), 409, "CF409");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                     | must be an object
            {"stage":                              | not JSON
            {"stage":"shadow"} {}                  | not JSON
            {"stage":"shadow","stage":"off"}       | Duplicate
            []                                     | must be an object
            null                                   | must be an object
            {}                                     | names a stage, a rollout, or both
            {"stage":"rolluot"}                    | There is no stage 'rolluot'; the stages are off, dual-write
            {"stage":null}                         | 'stage' must be a string
            {"stage":1}                            | 'stage' must be a string
            {"stage":"rollout","rolout":5}         | Unknown key 'rolout'
            {"stage":"rollout","rollout":"5"}      | 'rollout' must be a number
            {"stage":"rollout","rollout":null}     | 'rollout' must be a number
            {"stage":"rollout","rollout":[5]}      | 'rollout' must be a number
            {"stage":"rollout","rollout":-1}       | 0 to 100 %
            {"stage":"rollout","rollout":100.01}   | 0 to 100 %
            {"stage":"rollout","rollout":1e999}    | 0 to 100 %
            {"stage":"rollout","rollout":12.345}   | two decimals
            {"rollout":{"findAll":5}}              | There is no operation 'findAll'; the reads are findOne, findMany, count
            {"rollout":{"insert":5}}               | 'insert' is not a read
            {"rollout":{"findOne":"5"}}            | 'rollout' must be a number
            {"rollout":{}}                         | names a stage, a rollout, or both
            """)
    void aBodyThatIsNotAChangeIsAProblemThatSaysWhy(String body, String reason) {
        Answer answer = admin.patch(CLIENTS, body);

        assertProblem(answer, 400, "CF400");
        assertThat(answer.detail()).contains(reason);
        assertThat(admin.get("/api/status").json().getLong("epoch")).isEqualTo(3);
    }

    @Test
    void aBodyThatIsNotJsonByItsTypeIsAProblem() {
        assertProblem(
                admin.patch(CLIENTS, "stage=shadow", "content-type", "application/x-www-form-urlencoded"),
                415,
                "CF415");
        assertThat(admin.patch(CLIENTS, "{\"stage\":\"shadow\"}", "content-type", "application/json; charset=utf-8")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aBodyOfMoreThanSixtyFourKilobytesIsAProblem() {
        assertProblem(admin.patch(CLIENTS, "{\"stage\":\"" + "x".repeat(64 * 1024) + "\"}"), 413, "CF413");
    }

    @Test
    void whatIsNotThereIsAProblem() {
        assertProblem(admin.get("/nothing"), 404, "CF404");
        assertProblem(admin.get("/api/nothing"), 404, "CF404");
        assertProblem(admin.get("/../../etc/passwd"), 404, "CF404");
    }

    @Test
    void aMethodThatAPathDoesNotTakeIsAProblem() {
        assertProblem(admin.send("DELETE", CLIENTS, null, "authorization", "Bearer " + TOKEN), 405, "CF405");
        assertProblem(admin.send("POST", "/health/live", null), 405, "CF405");
    }

    @Test
    void ofOurOwnFaultTheCallerLearnsOnlyThatItHappened() {
        sides = () -> {
            throw new IllegalStateException("a secret of the inside");
        };

        Answer answer = admin.get("/api/status");

        assertProblem(answer, 500, "CF500");
        assertThat(answer.text()).doesNotContain("secret").doesNotContain("java");
        assertThat(observed).anyMatch(Unexpected.class::isInstance);
    }

    // Metrics, health, page

    @Test
    void metricsTellWhereEveryRepositoryStands() {
        assertThat(admin.patch(CLIENTS, "{\"stage\":\"rollout\",\"rollout\":12.5}")
                        .status())
                .isEqualTo(200);

        Answer answer = admin.send("GET", "/metrics", null);

        assertThat(answer.header("content-type")).startsWith("text/plain; version=0.0.4");
        assertThat(answer.text())
                .contains("crossfade_stage{repository=\"clients\",stage=\"rollout\"} 1.0")
                .contains("crossfade_stage{repository=\"clients\",stage=\"off\"} 0.0")
                .contains("crossfade_stage{repository=\"bookings\",stage=\"dual-write\"} 1.0")
                .contains("crossfade_rollout_percent{repository=\"clients\"} 12.5")
                .contains("crossfade_epoch 4.0");
    }

    @Test
    void aProxyNeedsEverySideThatTakesTheWritesOfSomeTable() throws Exception {
        Settings settings = RolloutFixture.twoSides(Map.of());
        RememberedStates states = new RememberedStates();
        assertThat(states.decide(
                                new BothRows("clients", Map.of(), Set.of("clients")),
                                GroupState.first("clients", Stage.LIVE, 0, Map.of(), "ana"))
                        .await())
                .isTrue();
        legacyUp = false;
        AdminClient all = opened(settings, Set.of("clients"), states, Gates.NONE, registry);
        assertThat(all.send("GET", "/health/ready", null).status()).isEqualTo(200);

        AdminClient moved = opened(settings, Set.of("clients", "notes"), states, Gates.NONE, registry);
        Answer answer = moved.send("GET", "/health/ready", null);
        assertThat(answer.status()).as("tables that were never moved").isEqualTo(503);
        assertThat(answer.text()).contains("legacy is down");

        sides = List::of;
        assertThat(moved.send("GET", "/health/ready", null).text()).contains("legacy and target are down");
    }

    @Test
    void theProxyIsReadyWhileLegacyIsUpAndLiveAllTheWhile() {
        assertThat(admin.send("GET", "/health/ready", null).status()).isEqualTo(200);

        legacyUp = false;

        assertThat(admin.send("GET", "/health/ready", null).status()).isEqualTo(503);
        assertThat(admin.send("GET", "/health/live", null).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html",
        "/index.html, text/html",
        "/style.css, text/css",
        "/group.css, text/css",
        "/app.js, text/javascript",
        "/api.js, text/javascript",
        "/card.js, text/javascript",
        "/dom.js, text/javascript",
        "/feed.js, text/javascript",
        "/forward.js, text/javascript",
        "/gates.js, text/javascript",
        "/history.js, text/javascript",
        "/letters.js, text/javascript",
        "/model.js, text/javascript",
        "/sides.js, text/javascript",
        "/signin.js, text/javascript",
        "/works.js, text/javascript",
        "/icon.svg, image/svg+xml"
    })
    void thePageIsServedUnderAPolicyThatAllowsNothingFromElsewhere(String path, String type) {
        Answer answer = admin.send("GET", path, null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith(type);
        assertThat(answer.header("Content-Security-Policy"))
                .contains("default-src 'self'")
                .contains("frame-ancestors 'none'");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.text()).doesNotContain("https://").doesNotContain(" style=\"");
    }

    private AdminClient opened(Settings settings, Gates gates, PrometheusMeterRegistry meters) throws Exception {
        return opened(settings, Set.of("clients"), new RememberedStates(), gates, meters);
    }

    private AdminClient opened(
            Settings settings,
            Set<String> catalogued,
            RememberedStates states,
            Gates gates,
            PrometheusMeterRegistry meters)
            throws Exception {
        Rollouts rollouts = new Rollouts(settings, () -> catalogued, true, states, gates, observer);
        rollouts.begin().await(10, TimeUnit.SECONDS);
        AdminFrontDoor door = new AdminFrontDoor(
                settings.admin(),
                new AdminParts(
                        rollouts,
                        RolloutGuard.NONE,
                        states,
                        new Status(),
                        DeadLetterDesk.empty(),
                        MismatchDesk.empty(),
                        AuditLog.none(),
                        new Works(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Counted.NOTHING,
                        tally,
                        meters,
                        observer));
        vertx.deployVerticle(door).await(10, TimeUnit.SECONDS);
        return new AdminClient(door.port(), TOKEN);
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        JsonObject problem = answer.json();
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getString("type")).startsWith("urn:crossfade:problem:");
        assertThat(problem.getString("title")).isNotBlank();
        assertThat(problem.getString("detail")).isNotBlank();
    }

    private static List<String> names(JsonArray repositories) {
        return repositories.stream()
                .map(repository -> ((JsonObject) repository).getString("name"))
                .toList();
    }

    private interface Supplied {
        List<SideStatus> get();
    }

    private final class Status implements StatusSource {
        @Override
        public String version() {
            return "1.2.3";
        }

        @Override
        public Duration uptime() {
            return Duration.ofSeconds(75);
        }

        @Override
        public List<SideStatus> sides() {
            return sides.get();
        }

        @Override
        public List<ShadowStatus> shadow() {
            return List.of(new ShadowStatus("clients", Side.LEGACY, true, 0.1, 3, false, 1, 4, null));
        }
    }
}
