package io.crossfade.mismatch;

import static io.crossfade.mismatch.MismatchRig.PHONE;
import static io.crossfade.mismatch.MismatchRig.await;
import static io.crossfade.mismatch.MismatchRig.differingName;
import static io.crossfade.mismatch.MismatchRig.kept;
import static io.crossfade.mismatch.MismatchRig.mismatch;
import static io.crossfade.mismatch.MismatchRig.store;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.Crossfade;
import io.crossfade.comparison.Mismatch;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.MismatchFirstSeen;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators see of mismatches, and what they can say about them. */
class ResolvedMismatchesTest {
    private final MismatchRig rig = MismatchRig.usual();
    private Crossfade proxy;

    @BeforeEach
    void start() {
        proxy = rig.start();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aResolvedOneIsSoOnBothSidesAndInTheHistoryUntilItIsConfirmedAgain() {
        differingName(proxy, true, PHONE);
        rig.awaitKept("clients value {name} 0 1");
        String id = id("clients");
        RestResponse resolved = resolve(id, "{\"reason\":\"rounded on purpose\"}");
        assertThat(resolved.expectStatus(200).json().path("state").asText()).isEqualTo("resolved");
        String said = "SELECT resolved_by || ' ' || reason FROM crossfade.mismatch";
        assertThat(rig.legacy.value(said)).isEqualTo("admin rounded on purpose");
        assertThat(rig.target.value(said)).isEqualTo("admin rounded on purpose");
        assertThat(rig.legacy.rows("SELECT operator, reason, becomes ->> 'mismatch' FROM crossfade.audit"
                        + " WHERE kind = 'mismatch-resolved'"))
                .containsExactly("admin|rounded on purpose|" + id);

        differingName(proxy, false, PHONE);
        rig.awaitKept("clients value {name} 1 1");
        assertThat(state(id)).as("what was in flight proves nothing").isEqualTo("resolved");
        differingName(proxy, true, PHONE);
        rig.awaitKept("clients value {name} 1 2");
        assertThat(state(id)).isEqualTo("confirmed");
    }

    @Test
    void whatIsConfirmedWhileItIsReadAgainStaysConfirmedAndAnOperatorsWordStands() {
        Instant before = Instant.now();
        differingName(proxy, true, PHONE);
        rig.awaitKept("clients value {name} 0 1");
        String id = id("clients");
        store(proxy).desk().agrees(id, before).await();
        assertThat(state(id)).isEqualTo("confirmed");
        resolve(id, "{\"reason\":\"rounded on purpose\"}").expectStatus(200);
        store(proxy).desk().agrees(id, Instant.now()).await();
        assertThat(rig.legacy.rows("SELECT resolved_by FROM crossfade.mismatch"))
                .containsExactly("admin");
        differingName(proxy, true, PHONE);
        rig.awaitKept("clients value {name} 0 2");
        store(proxy).desk().agrees(id, Instant.now()).await();
        assertThat(rig.legacy.rows("SELECT resolved_by FROM crossfade.mismatch"))
                .containsExactly("crossfade");
        assertThat(state(id)).isEqualTo("resolved");
    }

    @Test
    void whatOneSideDoesNotKnowYetTheOtherSays() {
        differingName(proxy, true, PHONE);
        rig.awaitKept("clients value {name} 0 1");
        String id = id("clients");
        rig.toTarget.cut();
        resolve(id, "{\"reason\":\"mended\"}").expectStatus(200);
        rig.toTarget.restore();
        await("both sides are asked", () -> list("").path("notAsked").isEmpty());
        assertThat(rig.target.rows("SELECT resolved_at FROM crossfade.mismatch"))
                .containsExactly("null");
        assertThat(state(id)).isEqualTo("resolved");
    }

    @Test
    void theyAreListedByWhatIsAskedForTheGravestFirst() {
        differingName(proxy, false, PHONE);
        store(proxy).accept(mismatch("services", true, MismatchRig.value("1", "title", "a", "b")));
        store(proxy).accept(mismatch("clients", true, MismatchRig.value(PHONE, "visits", "1", "2")));
        rig.awaitKept("clients value {name} 1 0", "clients value {visits} 0 1", "services value {title} 0 1");
        assertThat(list("").findValuesAsText("state")).containsExactly("confirmed", "confirmed", "transient");
        assertThat(list("?repository=clients").path("total").asInt()).isEqualTo(2);
        assertThat(list("?state=transient").path("total").asInt()).isEqualTo(1);
        assertThat(list("?kind=value&state=confirmed&limit=1&offset=1").path("mismatches"))
                .hasSize(1);
        assertThat(list("?kind=missing").path("total").asInt()).isZero();
        for (String wrong : List.of("?kind=strange", "?state=open", "?limit=1001", "?repositry=clients")) {
            get(wrong).expectStatus(400);
        }
        get("/0000000000000000").expectStatus(404);
        assertThat(resolve("0000000000000000", "{\"reason\":\"x\"}").status()).isEqualTo(404);
        assertThat(resolve(id("services"), "{}").expectStatus(400).body()).contains("reason");
    }

    @Test
    void oneOfSeveralProxiesTellsOfANewOneAndAfterItWasResolvedAgain() {
        Crossfade other = rig.start();
        differingName(proxy, false, PHONE);
        rig.awaitKept("clients value {name} 1 0");
        assertThat(opened()).as("transient ones are nobody's news").isEqualTo("null");
        differingName(proxy, true, PHONE);
        differingName(other, true, PHONE);
        rig.awaitKept("clients value {name} 1 2");
        String first = opened();
        assertThat(first).isNotEqualTo("null");
        differingName(proxy, true, PHONE);
        differingName(other, true, PHONE);
        rig.awaitKept("clients value {name} 1 4");
        assertThat(opened()).isEqualTo(first);
        resolve(id("clients"), "{\"reason\":\"mended\"}").expectStatus(200);
        differingName(other, true, PHONE);
        rig.awaitKept("clients value {name} 1 5");
        assertThat(opened()).isNotEqualTo(first);
    }

    @Test
    void aProxyWhoseClockIsAheadNeitherOutlastsAResolutionNorHidesWhatOthersFindAfterIt() {
        rig.storeWhoseClockIs(Duration.ofHours(1), observation -> {}).accept(differing());
        rig.awaitKept("clients value {name} 0 1");
        String id = id("clients");
        resolve(id, "{\"reason\":\"mended\"}").expectStatus(200);
        assertThat(state(id)).isEqualTo("resolved");
        differingName(proxy, true, PHONE);
        rig.awaitKept("clients value {name} 0 2");
        assertThat(state(id)).isEqualTo("confirmed");
    }

    @Test
    void aNewOneIsToldAlsoWhereLegacyCannotBeWritten() {
        rig.legacy.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$BEGIN RAISE EXCEPTION 'no'; END$$;"
                        + "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON crossfade.comparer FOR EACH ROW EXECUTE FUNCTION refuse()");
        Queue<Observation> told = new ConcurrentLinkedQueue<>();
        rig.storeWhoseClockIs(Duration.ZERO, told::add).accept(differing());
        await("it is told", () -> told.stream().anyMatch(MismatchFirstSeen.class::isInstance));
        assertThat(kept(rig.legacy)).isEmpty();
        assertThat(kept(rig.target)).containsExactly("clients value {name} 0 1");
    }

    private static Mismatch differing() {
        return mismatch("clients", true, MismatchRig.value(PHONE, "name", "a", "b"));
    }

    @Test
    void whoMayLookMayNotResolve() {
        differingName(proxy, true, PHONE);
        rig.awaitKept("clients value {name} 0 1");
        String id = id("clients");
        RestClient viewer = new RestClient("http://127.0.0.1:" + proxy.adminPort() + "/api");
        viewer.request("GET", "/mismatches/" + id)
                .header("Authorization", "Bearer " + MismatchRig.VIEWER)
                .send()
                .expectStatus(200);
        viewer.request("POST", "/mismatches/" + id + "/resolve")
                .header("Authorization", "Bearer " + MismatchRig.VIEWER)
                .json("{\"reason\":\"mended\"}")
                .send()
                .expectStatus(403);
        viewer.request("GET", "/mismatches").send().expectStatus(401);
        assertThat(state(id)).isEqualTo("confirmed");
    }

    private String opened() {
        return rig.legacy.value("SELECT opened_by || ' ' || opened_batch FROM crossfade.mismatch");
    }

    private String state(String id) {
        return get("/" + id).expectStatus(200).json().path("state").asText();
    }

    private String id(String repository) {
        return list("?repository=" + repository)
                .path("mismatches")
                .get(0)
                .path("id")
                .asText();
    }

    private JsonNode list(String query) {
        return get(query).expectStatus(200).json();
    }

    private RestResponse get(String path) {
        return rig.get(proxy, "/mismatches" + path);
    }

    private RestResponse resolve(String id, @Nullable String body) {
        return rig.request(proxy, "POST", "/mismatches/" + id + "/resolve", body);
    }
}
