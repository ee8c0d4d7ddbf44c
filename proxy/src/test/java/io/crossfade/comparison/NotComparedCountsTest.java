package io.crossfade.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.cli.Main;
import io.crossfade.observation.Observation.ComparisonDropped;
import io.crossfade.settings.CompareSettings;
import io.crossfade.settings.ComparisonSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A shadow that does not answer has no errors and no slow calls: what it did not answer is shown beside what it did. */
class NotComparedCountsTest {
    private static final String CLIENTS = """
            CREATE TABLE clients (id integer PRIMARY KEY, name text);
            INSERT INTO clients SELECT n, 'client ' || n FROM generate_series(1, 100) AS n;
            """;
    private static final int CALLS = 60;

    private final ComparisonRig rig = ComparisonRig.with(
            CLIENTS,
            CompareSettings.DEFAULTS,
            settings -> settings.with(new ComparisonSettings(100, 4, Duration.ofMillis(500), 2, 0, 256 << 10, false)),
            "clients");
    private int reads;

    @AfterEach
    void close() {
        // Or those would wait who say good-bye to it.
        rig.wireToTarget.cut();
        rig.close();
    }

    @Test
    void aShadowThatIsCutOffIsShownWithWhatItDidNotAnswer() {
        readUntilOneIsCompared();
        rig.wireToTarget.cut();
        readUntilItIsKnownToBeDown();
        readAndAwaitTheEndOfAll();

        JsonObject sampled = sampled();
        assertThat(notCompared(sampled)).isEqualTo(dropped()).containsKey("side-down target");
        assertThat(sampled.getLong("compared")).isEqualTo(rig.compared.size());
        assertThat(sampled.getLong("reads")).isEqualTo(rig.compared.size() + rig.drops.size());
        assertThat(status())
                .containsPattern("clients +" + (rig.compared.size() + rig.drops.size()) + " +" + rig.compared.size())
                .containsPattern("clients: only [0-9.]+ % was compared, mostly because .*target");
    }

    @Test
    void aShadowThatFallsSilentIsShownWithWhatItDidNotAnswer() {
        readUntilOneIsCompared();
        rig.wireToTarget.silence();
        readAndAwaitTheEndOfAll();

        Map<String, Long> notCompared = notCompared(sampled());
        assertThat(notCompared).isEqualTo(dropped());
        assertThat(notCompared.keySet()).anyMatch(reason -> reason.endsWith(" target"));
        // Nobody has to wait for it now.
        rig.wireToTarget.cut();
        assertThat(status()).contains("clients: only ");
    }

    @Test
    void aShadowThatKeepsEveryComparisonWaitingIsNamedAsTheReason() throws SQLException {
        readUntilOneIsCompared();
        try (Connection locking = rig.target.session();
                Statement statement = locking.createStatement()) {
            locking.setAutoCommit(false);
            statement.execute("LOCK TABLE clients IN ACCESS EXCLUSIVE MODE");
            ComparisonRig.await("there is no room because of the target", () -> {
                read();
                return dropped().containsKey("saturated target");
            });
            readAndAwaitTheEndOfAll();
        }
        assertThat(notCompared(sampled())).isEqualTo(dropped()).containsKey("busy target");
        assertThat(status()).containsPattern("saturated target×[0-9]+");
    }

    @Test
    void whatWasNotComparedIsStillKnownAfterARestartAndAddedUp() {
        rig.wireToTarget.cut();
        readUntilItIsKnownToBeDown();
        readAndAwaitTheEndOfAll();
        Map<String, Long> before = dropped();

        rig.restart();
        rig.wireToTarget.restore();
        assertThat(notCompared(sampled())).isEqualTo(before);

        rig.wireToTarget.cut();
        readUntilItIsKnownToBeDown();
        readAndAwaitTheEndOfAll();
        assertThat(dropped().get("side-down target")).isGreaterThan(before.get("side-down target"));
        assertThat(notCompared(sampled())).isEqualTo(dropped());
    }

    private void readUntilOneIsCompared() {
        ComparisonRig.await("a read is compared", () -> {
            read();
            return !rig.compared.isEmpty();
        });
    }

    private void readUntilItIsKnownToBeDown() {
        int before = rig.drops.size();
        ComparisonRig.await("a read is dropped because the target is down", () -> {
            read();
            return rig.drops.stream()
                    .skip(before)
                    .anyMatch(drop -> drop.reason().equals("side-down"));
        });
    }

    private void readAndAwaitTheEndOfAll() {
        for (int call = 0; call < CALLS; call++) {
            read();
        }
        ComparisonRig.await(
                "it is known what became of every read", () -> rig.compared.size() + rig.drops.size() == reads);
    }

    private void read() {
        reads++;
        rig.rest().get("/clients?order=id&limit=10").expectStatus(200);
    }

    private Map<String, Long> dropped() {
        return rig.drops.stream().collect(Collectors.groupingBy(NotComparedCountsTest::why, Collectors.counting()));
    }

    private static String why(ComparisonDropped drop) {
        return drop.reason() + (drop.side() == null ? "" : " " + drop.side().label());
    }

    private static Map<String, Long> notCompared(JsonObject sampled) {
        Map<String, Long> reasons = new HashMap<>();
        for (Object each : sampled.getJsonArray("notCompared")) {
            JsonObject reason = (JsonObject) each;
            String side = reason.getString("side");
            reasons.put(reason.getString("reason") + (side == null ? "" : " " + side), reason.getLong("reads"));
        }
        return reasons;
    }

    private JsonObject sampled() {
        return new JsonObject(status("--json"))
                .getJsonArray("sampled").stream()
                        .map(JsonObject.class::cast)
                        .filter(of -> of.getString("repository").equals("clients"))
                        .findFirst()
                        .orElseThrow();
    }

    private String status(String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine(Map.of("CROSSFADE_ADMIN_TOKEN", CrossfadeExtension.ADMIN_TOKEN))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(command(options));
        assertThat(code).as(err.toString()).isZero();
        return out.toString();
    }

    private String[] command(String... options) {
        List<String> all = new ArrayList<>(
                List.of("status", "--since", "48h", "--url", "http://127.0.0.1:" + rig.proxy.adminPort()));
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }
}
