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
        RestClient application = new RestClient("http://127.0.0.1:" + proxy.restPort() + "/rest/v1");
        application
                .post("/clients", "{\"phone\":\"" + PHONE + "\",\"name\":\"" + NAME + "\"}")
                .expectStatus(201);
        proxy.caughtUp().await();
        await("reads are compared", () -> {
            read(application);
            return rig.get(proxy, "/mismatches")
                            .json()
                            .path("comparedWithinADay")
                            .size()
                    > 0;
        });
        assertThat(kept(rig.legacy)).isEmpty();

        rig.target.execute(
                "BEGIN; SELECT set_config('crossfade.replaying', (SELECT token::text FROM crossfade.replayer WHERE"
                        + " group_name = 'clients'), true);"
                        + " SET LOCAL session_replication_role = replica; UPDATE clients SET name = 'Другова'; COMMIT");
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

    private static void read(RestClient application) {
        application
                .get("/clients?select=phone,name&phone=eq." + PHONE.replace("+", "%2B"))
                .expectStatus(200);
    }
}
