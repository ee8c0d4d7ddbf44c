package io.crossfade.mismatch;

import static io.crossfade.mismatch.MismatchRig.NAME;
import static io.crossfade.mismatch.MismatchRig.PHONE;
import static io.crossfade.mismatch.MismatchRig.await;
import static io.crossfade.mismatch.MismatchRig.kept;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.Crossfade;
import io.crossfade.testing.RestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From the read of an application to the list of an operator. */
class FoundByComparingTest {
    private final MismatchRig rig =
            new MismatchRig(settings -> settings.with(settings.comparison().sampling(100)));

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aRowThatWasChangedOnTheTargetAloneIsFoundByTheNextReadOfIt() {
        Crossfade proxy = rig.start();
        RestClient application = withAClient(proxy);
        await("reads are compared", () -> {
            read(application);
            return rig.get(proxy, "/mismatches")
                            .json()
                            .path("comparedWithinADay")
                            .size()
                    > 0;
        });
        assertThat(kept(rig.legacy)).isEmpty();

        plant("Другова");
        await("it is found", () -> {
            read(application);
            return rig.get(proxy, "/mismatches?state=confirmed")
                            .json()
                            .path("total")
                            .asInt()
                    > 0;
        });
        JsonNode group = rig.get(proxy, "/mismatches").json().path("mismatches").get(0);
        assertThat(group.path("kind").asText() + " " + group.path("columns")).isEqualTo("value [\"name\"]");
        String shown = rig.get(proxy, "/mismatches/" + group.path("id").asText())
                .expectStatus(200)
                .body();
        assertThat(shown).contains("\"column\":\"name\"").doesNotContain("7999", NAME, "Другова");
    }

    @Test
    void whatIsEqualAgainIsResolvedByItselfUntilItIsFoundToDifferAgain() {
        Crossfade proxy = rig.start();
        RestClient application = withAClient(proxy);
        plant("Другова");
        await("it is found", () -> {
            read(application);
            return !first(proxy, "confirmed").isMissingNode();
        });
        String id = first(proxy, "confirmed").path("id").asText();
        plant(NAME);
        await("it is resolved", () -> !first(proxy, "resolved").isMissingNode());
        JsonNode resolved = first(proxy, "resolved");
        assertThat(resolved.path("id").asText()).isEqualTo(id);
        assertThat(resolved.path("resolved").path("by").asText()).isEqualTo("crossfade");
        assertThat(rig.legacy.rows("SELECT resolved_by FROM crossfade.mismatch"))
                .containsExactly("crossfade");
        assertThat(rig.target.rows("SELECT resolved_by FROM crossfade.mismatch"))
                .containsExactly("crossfade");
        plant("Третья");
        await("it is found again", () -> {
            read(application);
            return !first(proxy, "confirmed").isMissingNode();
        });
        assertThat(first(proxy, "confirmed").path("id").asText()).isEqualTo(id);
    }

    /** On both sides. */
    private static RestClient withAClient(Crossfade proxy) {
        RestClient application = new RestClient("http://127.0.0.1:" + proxy.restPort() + "/rest/v1");
        application
                .post("/clients", "{\"phone\":\"" + PHONE + "\",\"name\":\"" + NAME + "\"}")
                .expectStatus(201);
        proxy.caughtUp().await();
        return application;
    }

    private void plant(String name) {
        rig.target.execute(
                "BEGIN; SELECT set_config('crossfade.replaying', (SELECT token::text FROM crossfade.replayer WHERE"
                        + " group_name = 'clients'), true);"
                        + " SET LOCAL session_replication_role = replica; UPDATE clients SET name = '" + name
                        + "'; COMMIT");
    }

    private JsonNode first(Crossfade proxy, String state) {
        return rig.get(proxy, "/mismatches?state=" + state)
                .json()
                .path("mismatches")
                .path(0);
    }

    private static void read(RestClient application) {
        application
                .get("/clients?select=phone,name&phone=eq." + PHONE.replace("+", "%2B"))
                .expectStatus(200);
    }
}
