package io.crossfade.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.admin.AdminClient.Answer;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.TokensRefused;
import io.crossfade.rollout.RolloutFixture;
import io.crossfade.settings.AdminSettings;
import io.crossfade.settings.AdminToken;
import io.crossfade.settings.OperatorSettings;
import io.crossfade.settings.OperatorSettings.Role;
import io.crossfade.state.GroupState;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and what they may do. */
class SignInTest {
    private static final String CLIENTS = "/api/repositories/clients";
    private static final String DUAL_WRITE = "{\"stage\":\"dual-write\"}";
    private static final String OPERATOR = "the-token-of-anna";
    private static final String VIEWER = "the-token-of-boris";

    private final Vertx vertx = Vertx.vertx();
    private final List<Observation> observed = new CopyOnWriteArrayList<>();
    private final AdminFixture fixture = new AdminFixture(vertx, observed::add);
    private AdminClient anna;
    private AdminClient boris;
    private String origin;

    @BeforeEach
    void open() throws Exception {
        AdminSettings settings = new AdminSettings(
                "127.0.0.1",
                0,
                RolloutFixture.TOKEN,
                List.of(
                        new OperatorSettings("anna", Role.OPERATOR, AdminToken.hash(OPERATOR)),
                        new OperatorSettings("boris", Role.VIEWER, AdminToken.hash(VIEWER))));
        int port = fixture.open(settings, RolloutFixture.twoSides(Map.of()));
        anna = new AdminClient(port, OPERATOR);
        boris = new AdminClient(port, VIEWER);
        origin = "http://127.0.0.1:" + port;
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    // Roles

    @Test
    void aViewerSeesThatRowsWaitForADecisionAndNoValuesOfThem() {
        assertThat(boris.get("/api/reconciliation").status()).isEqualTo(200);
        assertThat(boris.get("/api/reconciliation?reveal=true").status()).isEqualTo(403);
        assertThat(anna.get("/api/reconciliation?reveal=true").json().getBoolean("revealed"))
                .isTrue();
    }

    @Test
    void aChangeIsKeptUnderTheNameOfTheOperatorWithTheReason() {
        assertThat(anna.patch(CLIENTS, "{\"stage\":\"dual-write\",\"reason\":\" first step \"}")
                        .status())
                .isEqualTo(200);

        assertThat(holding().changedBy()).isEqualTo("anna");
        assertThat(holding().reason()).isEqualTo("first step");
    }

    @Test
    void theAdminTokenIsTheOperatorOfThatName() {
        assertThat(anna.send("PATCH", CLIENTS, DUAL_WRITE, "authorization", "Bearer " + RolloutFixture.TOKEN)
                        .status())
                .isEqualTo(200);

        assertThat(holding().changedBy()).isEqualTo("admin");
    }

    @ParameterizedTest
    @CsvSource({
        "PATCH, /api/repositories/clients",
        "POST, /api/dead-letters/retry",
        "POST, /api/dead-letters/target-1/discard",
        "POST, /api/whatever-comes",
        "DELETE, /api/repositories/clients",
        "PUT, /api/status"
    })
    void aViewerMayLookAndChangeNothing(String method, String path) {
        assertThat(boris.get("/api/status").status()).isEqualTo(200);
        assertThat(boris.get("/api/dead-letters").status()).isEqualTo(200);

        Answer answer = boris.send(method, path, DUAL_WRITE, "authorization", "Bearer " + VIEWER);

        assertProblem(answer, 403, "forbidden");
        assertThat(answer.detail()).contains("boris may look and change nothing");
        assertThat(fixture.states().current()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"stage\":\"shadow\",\"override\":true}",
                "{\"stage\":\"shadow\",\"override\":true,\"reason\":\" \"}",
                "{\"stage\":\"shadow\",\"override\":1,\"reason\":\"x\"}",
                "{\"stage\":\"shadow\",\"reason\":7}",
                "{\"stage\":\"shadow\",\"reason\":\"two\\nlines\"}"
            })
    void anOverrideNeedsAReasonAndAReasonIsOneLine(String body) {
        assertProblem(anna.patch(CLIENTS, body), 400, "malformed");
        assertThat(fixture.states().current()).isEmpty();
    }

    // Sessions

    @Test
    void theCookieOfASessionCannotBeReadByScriptsNorSentByOtherSites() {
        Answer answer = signIn(OPERATOR);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("set-cookie"))
                .matches("crossfade_session=[0-9a-f]{64};.*")
                .containsIgnoringCase("; HttpOnly")
                .contains("SameSite=Strict", "Path=/", "Max-Age=43200")
                .doesNotContain("Secure");
        assertThat(answer.json().getString("name")).isEqualTo("anna");
        assertThat(answer.json().getString("role")).isEqualTo("operator");
        assertThat(answer.text()).doesNotContain(OPERATOR);
    }

    @Test
    void behindAProxyThatEndsTlsTheCookieIsSentByTlsAlone() {
        Answer answer =
                anna.send("POST", "/api/session", "{\"token\":\"" + OPERATOR + "\"}", "X-Forwarded-Proto", "https");

        assertThat(answer.header("set-cookie")).contains("Secure");
    }

    @Test
    void withTheCookieThePageLooksAndWithItsSecondSecretItChanges() {
        Answer session = signIn(OPERATOR);
        String cookie = cookie(session);
        String csrf = session.json().getString("csrf");

        assertThat(anna.send("GET", "/api/status", null, "cookie", cookie).status())
                .isEqualTo(200);
        assertThat(anna.send("GET", "/api/session", null, "cookie", cookie)
                        .json()
                        .getString("csrf"))
                .isEqualTo(csrf);
        assertThat(changed(cookie, csrf, origin).status()).isEqualTo(200);
        assertThat(holding().changedBy()).isEqualTo("anna");
    }

    @Test
    void aChangeThatAnotherPageMadeTheBrowserSendIsRefused() {
        Answer session = signIn(OPERATOR);
        String cookie = cookie(session);
        String csrf = session.json().getString("csrf");

        assertProblem(anna.send("PATCH", CLIENTS, DUAL_WRITE, "cookie", cookie, "origin", origin), 403, "forbidden");
        assertProblem(changed(cookie, "0".repeat(64), origin), 403, "forbidden");
        assertProblem(changed(cookie, csrf, "http://127.0.0.1:1"), 403, "forbidden");
        assertProblem(changed(cookie, csrf, "https://example.org"), 403, "forbidden");
        assertProblem(changed(cookie, csrf, "null"), 403, "forbidden");
        assertProblem(
                anna.send("PATCH", CLIENTS, DUAL_WRITE, "cookie", cookie, "X-Crossfade-CSRF", csrf), 403, "forbidden");
        assertThat(fixture.states().current()).isEmpty();
    }

    @Test
    void anotherPageCannotSignSomebodyIn() {
        assertProblem(
                anna.send("POST", "/api/session", "{\"token\":\"" + OPERATOR + "\"}", "origin", "https://example.org"),
                403,
                "forbidden");
    }

    @Test
    void aSessionEndsWithTheSignOut() {
        Answer session = signIn(VIEWER);
        String cookie = cookie(session);

        Answer out = anna.send(
                "DELETE",
                "/api/session",
                null,
                "cookie",
                cookie,
                "origin",
                origin,
                "X-Crossfade-CSRF",
                session.json().getString("csrf"));

        assertThat(out.status()).isEqualTo(204);
        assertThat(out.header("set-cookie")).contains("Max-Age=0");
        assertProblem(anna.send("GET", "/api/status", null, "cookie", cookie), 401, "unauthorized");
    }

    @Test
    void whoShowsATokenIsToldWhoTheyAre() {
        assertThat(boris.get("/api/session").json().getString("name")).isEqualTo("boris");
        assertThat(boris.get("/api/session").json().getValue("csrf")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"token\":\"\"}", "{\"token\":7}", "{\"token\":\"a\",\"name\":\"b\"}", "[]"})
    void aBodyWithoutATokenIsAProblem(String body) {
        assertProblem(anna.send("POST", "/api/session", body), 400, "malformed");
    }

    // Wrong tokens

    @Test
    void afterTenWrongTokensNoneIsLookedAtAndWhoIsSignedInStays() {
        String cookie = cookie(signIn(OPERATOR));
        for (int i = 0; i < 5; i++) {
            assertProblem(signIn("wrong " + i), 401, "unauthorized");
            assertProblem(
                    anna.send("GET", "/api/status", null, "authorization", "Bearer guess" + i), 401, "unauthorized");
        }

        for (Answer answer : List.of(signIn(OPERATOR), anna.get("/api/status"))) {
            assertProblem(answer, 429, "too-many-attempts");
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 61);
        }
        assertThat(anna.send("GET", "/api/status", null, "cookie", cookie).status())
                .isEqualTo(200);
        assertThat(observed).filteredOn(TokensRefused.class::isInstance).hasSize(1);
    }

    @Test
    void aScriptThatRepeatsAnOldTokenShutsNobodyOut() {
        for (int i = 0; i < 50; i++) {
            assertProblem(anna.send("GET", "/api/status", null, "authorization", "Bearer old"), 401, "unauthorized");
        }
        assertThat(anna.get("/api/status").status()).isEqualTo(200);
    }

    private Answer signIn(String token) {
        return anna.send("POST", "/api/session", "{\"token\":\"" + token + "\"}", "content-type", "application/json");
    }

    private static String cookie(Answer answer) {
        return answer.header("set-cookie").replaceAll(";.*", "");
    }

    private Answer changed(String cookie, String csrf, String from) {
        List<String> headers = new ArrayList<>(List.of("cookie", cookie, "X-Crossfade-CSRF", csrf, "origin", from));
        return anna.send("PATCH", CLIENTS, DUAL_WRITE, headers.toArray(String[]::new));
    }

    private GroupState holding() {
        GroupState holding = Objects.requireNonNull(fixture.states().current().get("clients"))
                .holding();
        assertThat(holding.stage()).isEqualTo(Stage.DUAL_WRITE);
        return holding;
    }

    private static void assertProblem(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().getString("type")).isEqualTo("urn:crossfade:problem:" + type);
    }
}
