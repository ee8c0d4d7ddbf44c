package io.crossfade.gates;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.Crossfade;
import io.crossfade.migration.Stage;
import io.crossfade.settings.GateSettings;
import io.crossfade.settings.GuardrailSettings;
import io.crossfade.settings.RampSettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatesTest {
    private static final String NOTES = "CREATE TABLE notes (id serial PRIMARY KEY, note text)";

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase legacy;
    private TestDatabase target;
    private TcpRelay wireToTarget;
    private Settings settings;
    private @Nullable Crossfade proxy;

    @BeforeEach
    void open() {
        legacy = PostgresServers.legacy().database(List.of(NOTES));
        target = PostgresServers.target().database(List.of(NOTES));
        wireToTarget = new TcpRelay(target.connectOptions());
        Settings usual = CrossfadeExtension.settings(legacy, target);
        settings = new Settings(
                usual.legacy(),
                SideSettings.at(wireToTarget.connectOptions()),
                usual.rest(),
                usual.admin(),
                usual.repositories(),
                usual.pins());
        CrossfadeExtension.install(vertx, settings);
    }

    @AfterEach
    void close() {
        stop();
        vertx.close().await();
        wireToTarget.close();
        legacy.drop();
        target.drop();
    }

    @Test
    void aSchemaThatNobodyComparedKeepsAGroupInOffUntilSomebodyOverridesItWithAReason() {
        start(false);
        await("capture", "green");
        assertThat(move("dual-write").expectStatus(409).json().path("detail").asText())
                .startsWith("the gates towards stage 'dual-write' are not green. schema: ")
                .doesNotContain("capture:");
        assertThat(patch("{\"stage\":\"dual-write\",\"override\":true}").status())
                .isEqualTo(400);
        patch("{\"stage\":\"dual-write\",\"override\":true,\"reason\":\"read the DDL\"}")
                .expectStatus(200);
        assertThat(legacy.value("SELECT reason FROM crossfade.state")).isEqualTo("read the DDL [overrode: schema]");
    }

    @Test
    void twoDatabasesThatWereComparedRowByRowGoAsFarAsRolloutByThemselvesAndFurtherByACutoverAlone() {
        start(true);
        walkTo(Stage.ROLLOUT);
        assertThat(move("live").expectStatus(409).json().path("detail").asText())
                .contains("./crossfade cutover");
        await("soak", "red");
        assertThat(gate("soak").path("reason").asText()).startsWith("No read of notes was compared");
        assertThat(gate("verify").path("reason").asText()).contains("row by row");
        assertThat(gate("verify").path("at").asText()).isNotEmpty();
        await("sequences", "green");
    }

    @Test
    void whatWasFoundOutOutlivesTheProxy() {
        start(true);
        stop();
        start(false);
        walkTo(Stage.ROLLOUT);
    }

    @Test
    void aSoakOfNoTimeIsNotAskedFor() {
        settings = settings.with(
                new GateSettings(Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ZERO),
                GuardrailSettings.DEFAULTS,
                RampSettings.DEFAULTS);
        start(true);
        walkTo(Stage.ROLLOUT);
        assertThat(gate("soak").isMissingNode()).isTrue();
    }

    @Test
    void aGapInCaptureVoidsWhatWasVerified() {
        start(true);
        walkTo(Stage.SHADOW);
        await("verify", "green");
        legacy.execute("ALTER TABLE notes DISABLE TRIGGER crossfade_capture_insert");
        await("capture", "red");
        CrossfadeExtension.install(vertx, settings);
        await("capture", "green");
        assertThat(gate("verify").path("state").asText()).isEqualTo("red");
        assertThat(gate("backfill").path("reason").asText()).contains("since capture had a gap");
        assertThat(move("rollout").status()).isEqualTo(409);
    }

    @Test
    void whatWasVerifiedIsVoidWhereOthersCouldWriteMeanwhile() {
        start(true);
        walkTo(Stage.SHADOW);
        move("off").expectStatus(200);
        target.execute("INSERT INTO notes VALUES (7, 'there is no fence')");
        walkTo(Stage.DUAL_WRITE);
        await("capture", "green");
        assertThat(move("shadow").expectStatus(409).json().path("detail").asText())
                .contains("backfill: The rows from before capture were not brought");
    }

    @Test
    void aFactThatOneSideForgotCountsForNothing() {
        start(true);
        walkTo(Stage.SHADOW);
        await("verify", "green");
        target.execute("DELETE FROM crossfade.fact WHERE fact = 'verify'");
        await("verify", "red");
    }

    @Test
    void aRepositoryThatJoinedTheGroupLaterIsNotCoveredByAFact() {
        start(true);
        walkTo(Stage.SHADOW);
        await("verify", "green");
        String forgotten = "UPDATE crossfade.fact SET repositories = '{others}' WHERE fact = 'verify'";
        legacy.execute(forgotten);
        target.execute(forgotten);
        await("verify", "red");
        assertThat(gate("verify").path("reason").asText()).contains("for notes");
    }

    @Test
    void aRowThatTheOtherSideWouldNotTakeShutsTheWayUntilItIsThere() {
        target.execute("ALTER TABLE notes ADD CONSTRAINT picky CHECK (note <> 'no')");
        start(true);
        walkTo(Stage.SHADOW);
        await("dead-letters", "green");
        rest().post("/notes", "{\"id\":1,\"note\":\"no\"}").expectStatus(201);
        await("dead-letters", "red");
        rest().request("PATCH", "/notes?id=eq.1")
                .json("{\"note\":\"yes\"}")
                .send()
                .expectStatus(204);
        await("dead-letters", "green");
    }

    @Test
    void aWriterBesideTheProxyShutsTheWayToRolloutForSomeTime() {
        start(true);
        walkTo(Stage.SHADOW);
        await("bypass", "green");
        legacy.execute("INSERT INTO notes VALUES (1, 'by hand')");
        await("bypass", "red");
        assertThat(move("rollout").expectStatus(409).json().path("detail").asText())
                .contains("bypass: ");
        legacy.execute("UPDATE crossfade.repository SET bypass_seen_at = now() - interval '11 minutes'");
        await("bypass", "green");
    }

    @Test
    void aTargetThatIsAwayShutsEveryGateThatNeedsItAndTheWayBackStaysOpen() {
        start(true);
        walkTo(Stage.SHADOW);
        await("lag", "green");
        wireToTarget.cut();
        await("sides", "red");
        await("verify", "unknown");
        await("lag", "red");
        await("freshness", "red");
        assertThat(move("rollout").expectStatus(409).json().path("detail").asText())
                .contains("sides: ", "verify: ", "backfill: ", "lag: ");
        move("dual-write").expectStatus(200);
        wireToTarget.restore();
        await("sides", "green");
    }

    @Test
    void aSequenceThatCannotBeSetPastTheOtherShutsTheWayToLive() {
        target.execute("ALTER SEQUENCE notes_id_seq CYCLE");
        start(true);
        walkTo(Stage.ROLLOUT);
        await("sequences", "red");
        assertThat(gate("sequences").path("reason").asText()).contains("CYCLE");
    }

    @Test
    void thereIsNoGateBeforeThePresentStageAndNoneBeforeAnEnd() {
        start(true);
        assertThat(repository().path("nextStage").asText()).isEqualTo("dual-write");
        walkTo(Stage.SHADOW);
        assertThat(repository().path("nextStage").asText()).isEqualTo("rollout");
    }

    private void start(boolean bothSidesEqual) {
        proxy = Crossfade.start(vertx, settings, bothSidesEqual).await();
    }

    private void stop() {
        Crossfade running = proxy;
        if (running != null) {
            running.close().await();
        }
        proxy = null;
    }

    /** By itself: a gate that is not green yet is waited for, and none is overridden. */
    private void walkTo(Stage stage) {
        Stage now = Stage.byLabel(repository().path("stage").asText()).orElseThrow();
        for (Stage next : Stage.values()) {
            if (next.compareTo(now) > 0 && next.compareTo(stage) <= 0) {
                awaitThat("stage " + next, () -> move(next.label()).status() == 200);
            }
        }
    }

    private void await(String gate, String state) {
        awaitThat(gate + " " + state, () -> gate(gate).path("state").asText().equals(state));
    }

    private void awaitThat(String what, java.util.function.BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what + ", but " + repository()).isBefore(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private JsonNode gate(String name) {
        for (JsonNode gate : repository().path("gates")) {
            if (gate.path("name").asText().equals(name)) {
                return gate;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    private JsonNode repository() {
        return admin("GET").send().expectStatus(200).json();
    }

    private RestResponse move(String stage) {
        return patch("{\"stage\":\"" + stage + "\"}");
    }

    private RestResponse patch(String body) {
        return admin("PATCH").json(body).send();
    }

    private RestClient.Request admin(String method) {
        return new RestClient("http://127.0.0.1:" + requireNonNull(proxy).adminPort() + "/api")
                .request(method, "/repositories/notes")
                .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN);
    }

    private RestClient rest() {
        return new RestClient("http://127.0.0.1:" + requireNonNull(proxy).restPort() + "/rest/v1");
    }
}
