package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.cli.Main;
import io.crossfade.migration.Side;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that operators send to one side while proxies run. */
class PinnedKeysTest {
    private static final String PHONE = "79001234567";
    private static final String ROWS = "SELECT key, side, version, changed_by FROM crossfade.pin ORDER BY key";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private CutoverRig rig;

    @BeforeEach
    void open() {
        rig = new CutoverRig(CutoverSettings.DEFAULTS);
    }

    @AfterEach
    void close() throws InterruptedException {
        rig.close();
    }

    @Test
    void everyProxyFollowsAPinAndARestartForgetsNothing() {
        Crossfade one = rig.proxy();
        Crossfade other = rig.proxy();
        assertThat(pin(one, PHONE, "target")).as(err.toString()).isZero();
        assertThat(one.rollouts().current().pins()).isEqualTo(Map.of(PHONE, Side.TARGET));
        awaitPins(other, Map.of(PHONE, Side.TARGET));
        assertThat(rig.legacy.rows(ROWS)).containsExactly(PHONE + "|target|1|admin");
        assertThat(rig.target.rows(ROWS)).isEqualTo(rig.legacy.rows(ROWS));

        assertThat(pin(other, PHONE, "legacy")).isZero();
        awaitPins(one, Map.of(PHONE, Side.LEGACY));
        awaitPins(rig.proxy(), Map.of(PHONE, Side.LEGACY));

        assertThat(pin(one, PHONE, "--remove")).isZero();
        assertThat(pin(one, PHONE, "--remove")).isEqualTo(1);
        assertThat(err.toString()).contains("not pinned").doesNotContain(PHONE);
        awaitPins(other, Map.of());
        awaitPins(rig.proxy(), Map.of());
        assertThat(rig.legacy.rows("SELECT becomes FROM crossfade.audit WHERE kind LIKE '%pinned'"))
                .as("what stands for the key")
                .hasSize(3)
                .allSatisfy(entry ->
                        assertThat(entry).contains("11 characters, hash ").doesNotContain(PHONE));
    }

    @Test
    void aPinLeadsReadsToItsSide() {
        Crossfade proxy = rig.proxy();
        RestClient rest = new RestClient("http://127.0.0.1:" + proxy.restPort() + "/rest/v1");
        for (String side : List.of("target", "legacy", "target")) {
            for (int id = 1; id <= 8; id++) {
                assertThat(pin(proxy, "id=" + id, side)).as(err.toString()).isZero();
            }
            CounterRig.await("reads of every key go to " + side, () -> {
                for (int id = 1; id <= 8; id++) {
                    if (!side.equals(rest.get("/counters?select=n&id=eq." + id).header("X-Crossfade-Side"))) {
                        return false;
                    }
                }
                return true;
            });
        }
    }

    @Test
    void aSideThatWasAwayIsBroughtAlongAndTheLaterDecisionHolds() {
        Crossfade proxy = rig.proxy();
        assertThat(pin(proxy, PHONE, "target")).isZero();
        rig.wireToTarget.cut();
        assertThat(pin(proxy, PHONE, "legacy")).as(err.toString()).isZero();
        assertThat(pin(proxy, "79007654321", "target")).as(err.toString()).isZero();
        assertThat(rig.target.rows(ROWS)).containsExactly(PHONE + "|target|1|admin");
        rig.wireToTarget.restore();
        CounterRig.await("the target has both", () -> rig.target.rows(ROWS).equals(rig.legacy.rows(ROWS)));
        assertThat(rig.target.rows(ROWS)).containsExactly(PHONE + "|legacy|2|admin", "79007654321|target|1|admin");

        rig.wireToLegacy.cut();
        assertThat(pin(proxy, PHONE, "--remove")).as(err.toString()).isZero();
        rig.wireToLegacy.restore();
        CounterRig.await("legacy has it", () -> rig.legacy.rows(ROWS).equals(rig.target.rows(ROWS)));
        awaitPins(proxy, Map.of("79007654321", Side.TARGET));
    }

    @Test
    void aSideThatLacksThousandsOfPinsGetsThemWithoutThousandsOfStatements() {
        rig.target.execute("""
                CREATE TABLE brought ();
                CREATE FUNCTION count_brought() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
                  AS $$ BEGIN INSERT INTO public.brought DEFAULT VALUES; RETURN NULL; END $$;
                CREATE TRIGGER count_brought AFTER INSERT ON crossfade.pin FOR EACH STATEMENT EXECUTE FUNCTION count_brought()""");
        rig.legacy.execute("INSERT INTO crossfade.pin (key, side, version, changed_by, changed_at)"
                + " SELECT 'key ' || n, 'target', 1, 'admin', now() FROM generate_series(1, 3000) AS n");
        Crossfade proxy = rig.proxy();
        CounterRig.await("the target has them", () -> rig.target.rows(ROWS).equals(rig.legacy.rows(ROWS)));
        assertThat(proxy.rollouts().current().pins()).hasSize(3_000);
        assertThat(rig.target.number("SELECT count(*) FROM brought")).isBetween(1L, 20L);
    }

    @Test
    void twoDecisionsOfOneMomentEndTheSameOnBothSides() {
        Crossfade one = rig.proxy();
        Crossfade other = rig.proxy();
        set(rig.legacy, "legacy");
        set(rig.target, "target");
        CounterRig.await("both say the same", () -> rig.target.rows(ROWS).equals(rig.legacy.rows(ROWS)));
        awaitPins(one, Map.of(PHONE, Side.TARGET));
        awaitPins(other, Map.of(PHONE, Side.TARGET));
    }

    @Test
    void withoutADatabaseThatAnswersNothingIsPinned() {
        Crossfade proxy = rig.proxy();
        rig.wireToLegacy.cut();
        rig.wireToTarget.cut();
        assertThat(pin(proxy, PHONE, "target")).isEqualTo(1);
        assertThat(err.toString()).contains("Nothing was done").doesNotContain(PHONE);
        assertThat(proxy.rollouts().current().pins()).isEmpty();
        assertThat(pin(proxy, "--list")).isZero();
        assertThat(out.toString()).contains("No key is pinned.");
        assertThat(pin(proxy, PHONE)).isEqualTo(2);
        assertThat(pin(proxy, PHONE, "target", "--remove")).isEqualTo(2);
    }

    private static void set(TestDatabase side, String to) {
        side.execute("INSERT INTO crossfade.pin VALUES ('" + PHONE + "', '" + to + "', 5, 'anna', now())");
    }

    private static void awaitPins(Crossfade proxy, Map<String, Side> expected) {
        CounterRig.await(
                "the pins are " + expected,
                () -> proxy.rollouts().current().pins().equals(expected));
    }

    private int pin(Crossfade proxy, String... words) {
        List<String> all = new ArrayList<>(List.of("pin"));
        all.addAll(List.of(words));
        all.addAll(List.of("--url", "http://127.0.0.1:" + proxy.adminPort()));
        return Main.commandLine(Map.of("CROSSFADE_ADMIN_TOKEN", CrossfadeExtension.ADMIN_TOKEN))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
