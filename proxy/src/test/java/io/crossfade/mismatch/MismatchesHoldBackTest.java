package io.crossfade.mismatch;

import static io.crossfade.mismatch.MismatchRig.PHONE;
import static io.crossfade.mismatch.MismatchRig.await;
import static io.crossfade.mismatch.MismatchRig.compared;
import static io.crossfade.mismatch.MismatchRig.differingName;
import static io.crossfade.mismatch.MismatchRig.failedAlike;
import static io.crossfade.mismatch.MismatchRig.mismatch;
import static io.crossfade.mismatch.MismatchRig.store;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.Crossfade;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation.ReadCompared.Verdict;
import io.crossfade.settings.GateSettings;
import io.crossfade.settings.GuardrailSettings;
import io.crossfade.settings.MismatchSettings;
import io.crossfade.settings.RampSettings;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.Stages;
import io.crossfade.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was found to differ keeps a group from going forward, and takes it back. */
class MismatchesHoldBackTest {
    private static final GateSettings SHORT_SOAK =
            new GateSettings(Duration.ofSeconds(10), Duration.ZERO, Duration.ofSeconds(6));
    private static final GuardrailSettings STRICT = new GuardrailSettings(
            Duration.ofSeconds(1), 10, 2, null, null, Duration.ofSeconds(10), null, 5.0, Duration.ofMinutes(1));

    private final MismatchRig rig = new MismatchRig(settings -> settings.with(SHORT_SOAK, STRICT, RampSettings.DEFAULTS)
            .with(new MismatchSettings(false, Map.of(), Duration.ofDays(14), 2)));

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aGroupGoesLiveOnlyAfterItsReadsWereComparedForLongEnoughAndNoneIsKnownToDiffer() {
        Crossfade proxy = rig.start();
        Stages.move(proxy, "clients", Stage.ROLLOUT).expectStatus(200);
        awaitSoak(proxy, "red", "No read of clients was compared");
        compared(proxy, "services", 100, Verdict.MATCHED);
        compared(proxy, "clients", 1, Verdict.MATCHED);
        awaitSoak(proxy, "red", "but that has to go on for");
        comparingUntilSoakIs(proxy, "green");

        differingName(proxy, false, PHONE);
        rig.awaitKept("clients value {name} 1 0");
        comparingUntilSoakIs(proxy, "green");
        differingName(proxy, true, PHONE);
        awaitSoak(proxy, "red", "clients value (name)");

        String id = rig.legacy.value("SELECT id FROM crossfade.mismatch");
        for (TestDatabase side : List.of(rig.legacy, rig.target)) {
            // So that it does not grow old under a slow test.
            side.execute("UPDATE crossfade.mismatch SET last_confirmed_at = clock_timestamp()");
        }
        store(proxy).desk().agrees(id, Instant.now()).await();
        awaitSoak(proxy, "red", "clients value (name), which is equal again");
        rig.request(proxy, "POST", "/mismatches/" + id + "/resolve", "{\"reason\":\"mended\"}")
                .expectStatus(200);
        comparingUntilSoakIs(proxy, "green");
        rig.toTarget.cut();
        awaitSoak(proxy, "unknown", "both databases");
        rig.toTarget.restore();
        awaitSoak(proxy, "red", "");
    }

    @Test
    void readsThatFailOnBothSidesAlikeAreNoneThatWereCompared() {
        Crossfade proxy = rig.start();
        Stages.move(proxy, "clients", Stage.ROLLOUT).expectStatus(200);
        failedAlike(proxy, "clients", 100);
        // Written with or after them.
        compared(proxy, "services", 1, Verdict.MATCHED);
        String counted = "SELECT DISTINCT repository FROM crossfade.compared";
        await("what was compared is written", () -> !rig.legacy.rows(counted).isEmpty());
        assertThat(rig.legacy.rows(counted)).containsExactly("services");
        awaitSoak(proxy, "red", "No read of clients was compared");
    }

    @Test
    void aConfirmedOneThatWasForgottenBecauseThereWereTooManyKeepsTheGroupBack() {
        Crossfade proxy = rig.start();
        Stages.move(proxy, "clients", Stage.ROLLOUT).expectStatus(200);
        differingName(proxy, true, PHONE);
        rig.awaitKept("clients value {name} 0 1");
        for (String column : List.of("id", "title")) {
            store(proxy).accept(mismatch("services", true, MismatchRig.value("1", column, "a", "b")));
        }
        rig.awaitKept("services value {id} 0 1", "services value {title} 0 1");
        // So that it does not grow old under a slow test.
        forgottenLater("1 hour");
        awaitSoak(proxy, "red", "were forgotten");
        forgottenLater("-2 hours");
        comparingUntilSoakIs(proxy, "green");
    }

    private void forgottenLater(String by) {
        String later = "UPDATE crossfade.mismatch_dropped SET confirmed_at = confirmed_at + interval '" + by + "'";
        rig.legacy.execute(later);
        rig.target.execute(later);
    }

    @Test
    void whatOneProxyFoundKeepsTheGroupBackInAnotherAndAfterARestart() {
        Crossfade finder = rig.start();
        Stages.move(finder, "clients", Stage.ROLLOUT).expectStatus(200);
        String confirmedLater =
                "UPDATE crossfade.mismatch SET last_confirmed_at = last_confirmed_at + interval '1 hour'";
        differingName(finder, true, PHONE);
        rig.awaitKept("clients value {name} 0 1");
        // So that it does not grow old under a slow test.
        rig.legacy.execute(confirmedLater);
        rig.target.execute(confirmedLater);
        rig.stop(finder);
        Crossfade other = rig.start();
        compared(other, "clients", 10, Verdict.MATCHED);
        awaitSoak(other, "red", "clients value (name)");
    }

    @Test
    void readsThatAnotherProxyFoundToDifferTakeARolloutBack() {
        Crossfade serving = rig.start();
        Crossfade comparing = rig.start();
        Stages.move(serving, "clients", Stage.ROLLOUT).expectStatus(200);
        rig.request(serving, "PATCH", "/repositories/clients", "{\"rollout\":100}")
                .expectStatus(200);
        RestClient client = new RestClient("http://127.0.0.1:" + serving.restPort() + "/rest/v1");
        await(
                "the target answers",
                () -> client.get("/clients?phone=eq.1")
                        .header("X-Crossfade-Side")
                        .equals("target"));
        await("the rollout goes back", () -> {
            client.get("/clients?phone=eq.1").expectStatus(200);
            compared(comparing, "clients", 1, Verdict.MATCHED);
            compared(comparing, "clients", 1, Verdict.MISMATCHED);
            return repository(serving).path("stage").asText().equals("shadow");
        });
        assertThat(rig.legacy.value("SELECT reason FROM crossfade.state WHERE group_name = 'clients'"))
                .contains("of the compared reads differ");
        await(
                "the status counts what was compared",
                () -> repository(serving)
                                .path("comparedWithinADay")
                                .path("confirmed")
                                .asInt()
                        > 0);
    }

    /** As an application does that goes on. */
    private void comparingUntilSoakIs(Crossfade proxy, String state) {
        await("soak " + state, () -> {
            compared(proxy, "clients", 1, Verdict.MATCHED);
            return soak(proxy).path("state").asText().equals(state);
        });
    }

    private void awaitSoak(Crossfade proxy, String state, String reason) {
        await(state + " " + reason + ", but " + soak(proxy), () -> {
            JsonNode gate = soak(proxy);
            return gate.path("state").asText().equals(state)
                    && gate.path("reason").asText().contains(reason);
        });
    }

    private JsonNode soak(Crossfade proxy) {
        for (JsonNode gate : repository(proxy).path("gates")) {
            if (gate.path("name").asText().equals("soak")) {
                return gate;
            }
        }
        throw new AssertionError("there is no gate soak: " + repository(proxy));
    }

    private JsonNode repository(Crossfade proxy) {
        return rig.get(proxy, "/repositories/clients").expectStatus(200).json();
    }
}
