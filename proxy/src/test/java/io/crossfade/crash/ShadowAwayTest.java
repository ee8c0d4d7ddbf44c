package io.crossfade.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.ProxyProcess;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The application never pays for the target. */
class ShadowAwayTest {
    private static final String CLIENTS = "CREATE TABLE clients (id integer PRIMARY KEY, name text)";
    private static final int CALLS = 300;

    @Test
    void noCallWaitsForATargetThatAnswersNothing() {
        try (CrashRig rig = new CrashRig(CLIENTS, "", Map.of("clients", "clients"));
                ProxyProcess proxy = rig.proxy()) {
            rig.targetWire.silence();
            callAndExpectSuccess(proxy);
            // Nothing came from the target, so none of these answers can have waited for it.
            assertThat(rig.target.number("SELECT count(*) FROM clients")).isZero();
            rig.targetWire.sever();
            rig.targetWire.restore();
            rig.awaitDrained();
            rig.assertBothSidesEqual();
            assertThat(rig.target.number("SELECT count(*) FROM clients")).isPositive();
        }
    }

    @Test
    void aProxyStartsAndServesWhileTheTargetIsDownAndCatchesUpLater() {
        try (CrashRig rig = new CrashRig(CLIENTS, "", Map.of("clients", "clients"))) {
            rig.crash(rig.targetServer, () -> {
                ProxyProcess proxy = rig.proxy();
                callAndExpectSuccess(proxy);
                assertThat(rig.legacy.number("SELECT count(*) FROM crossfade.journal"))
                        .isPositive();
            });
            rig.awaitDrained();
            rig.assertBothSidesEqual();
            assertThat(rig.target.number("SELECT count(*) FROM clients")).isPositive();
        }
    }

    private static void callAndExpectSuccess(ProxyProcess proxy) {
        for (int call = 0; call < CALLS; call++) {
            switch (call % 4) {
                case 0, 1 ->
                    proxy.rest()
                            .post("/clients", "{\"id\":" + call + ",\"name\":\"a\"}")
                            .expectStatus(201);
                case 2 ->
                    proxy.rest()
                            .patch("/clients?id=eq." + (call - 1), "{\"name\":\"b\"}")
                            .expectStatus(204);
                default -> proxy.rest().delete("/clients?id=eq." + (call - 3)).expectStatus(204);
            }
        }
    }
}
