package io.crossfade.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.ProxyProcess;
import io.crossfade.testing.RestResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The fence meets callers that know nothing of it. */
class FenceUnderLoadTest {
    private static final String CLIENTS = "CREATE TABLE clients (id integer PRIMARY KEY, name text)";
    private static final Map<String, String> GROUPS = Map.of("clients", "clients");

    @Test
    void aProxyThatStillWritesToTheTargetIsRefused() throws Exception {
        try (CrashRig rig = new CrashRig(CLIENTS, "", GROUPS);
                ProxyProcess proxy = rig.proxy();
                ProxyProcess stale = ProxyProcess.start(rig.target)) {
            proxy.rest().post("/clients", "{\"id\":1}").expectStatus(201);
            rig.awaitDrained();
            RestResponse refused = stale.rest().post("/clients", "{\"id\":2}");
            assertThat(refused.status()).isGreaterThanOrEqualTo(400);
            assertThat(refused.body()).contains("CF001");
            assertThat(stale.rest()
                            .patch("/clients?id=eq.1", "{\"name\":\"stale\"}")
                            .body())
                    .contains("CF001");
            assertThat(stale.rest().delete("/clients?id=eq.1").body()).contains("CF001");
            rig.assertBothSidesEqual();
        }
    }

    @Test
    void raisedUnderLoadItLosesNothingThatWasAcknowledged() throws Exception {
        try (CrashRig rig = new CrashRig(CLIENTS, "", GROUPS)) {
            AtomicInteger next = new AtomicInteger();
            Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
            List<CompletableFuture<String>> writers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                writers.add(CompletableFuture.supplyAsync(() -> writeUntilRefused(rig, next, acknowledged)));
            }
            CrashRig.await("writers write", () -> acknowledged.size() > 100);
            ProxyProcess proxy = rig.proxy();
            for (CompletableFuture<String> writer : writers) {
                assertThat(writer.join()).isEqualTo("CF001");
            }
            assertThat(proxy.isAlive()).isTrue();
            // As sets: comparing lists of so many takes minutes.
            assertThat(Set.copyOf(rig.target.rows("SELECT id FROM clients"))).isEqualTo(texts(acknowledged, "", ""));
            assertThat(Set.copyOf(rig.target.rows("SELECT DISTINCT key FROM crossfade.journal, unnest(keys) AS key")))
                    .isEqualTo(texts(acknowledged, "{", "}"));
        }
    }

    @Test
    void aScriptThatSwitchesTriggersOffAndOnStopsNoCaller() {
        try (CrashRig rig = new CrashRig(CLIENTS, "", GROUPS);
                ProxyProcess proxy = rig.proxy()) {
            int id = 0;
            for (var database : List.of(rig.target, rig.legacy)) {
                for (String action : List.of("DISABLE", "ENABLE")) {
                    proxy.rest().post("/clients", "{\"id\":" + id++ + "}").expectStatus(201);
                    database.execute("ALTER TABLE clients " + action + " TRIGGER USER");
                    proxy.rest().post("/clients", "{\"id\":" + id++ + "}").expectStatus(201);
                    proxy.rest()
                            .patch("/clients?id=gte.0", "{\"name\":\"" + action + "\"}")
                            .expectStatus(204);
                }
            }
            assertThat(rig.legacy.number("SELECT count(*) FROM clients WHERE name = 'ENABLE'"))
                    .isEqualTo(id);
        }
    }

    private static String writeUntilRefused(CrashRig rig, AtomicInteger next, Set<Integer> acknowledged) {
        try (Connection session = CrashRig.session(rig.target)) {
            while (true) {
                int id = next.incrementAndGet();
                CrashRig.execute(session, "INSERT INTO clients VALUES (" + id + ", 'a')");
                acknowledged.add(id);
            }
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    private static Set<String> texts(Set<Integer> numbers, String before, String after) {
        return numbers.stream().map(id -> before + id + after).collect(Collectors.toSet());
    }
}
