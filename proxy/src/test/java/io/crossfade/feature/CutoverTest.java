package io.crossfade.feature;

import static io.crossfade.feature.CutoverRig.cutover;
import static io.crossfade.feature.CutoverRig.expectDone;
import static io.crossfade.feature.CutoverRig.fenced;
import static io.crossfade.feature.CutoverRig.rehearse;
import static io.crossfade.feature.CutoverRig.rollback;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.Change;
import io.crossfade.rollout.ChangeResult.Changed;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.TcpRelay;
import io.crossfade.work.Work;
import io.crossfade.work.WorkState;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The writes of groups move to the target and back while the application goes on. */
class CutoverTest {
    private static final List<String> ALL = List.of("clients", "bookings", "counters");

    private CutoverRig rig;

    @BeforeEach
    void open() {
        rig = new CutoverRig(CutoverSettings.DEFAULTS);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void theWritesMoveToTheTargetAndBackUnderLoadAndNoCallFailsOrIsLost() {
        Crossfade one = rig.proxy();
        Crossfade other = rig.proxy();
        rig.write(6, one, other);
        for (int round = 0; round < 5; round++) {
            Work there = cutover(round % 2 == 0 ? one : other);
            expectDone(there);
            assertThat(fenced(rig.legacy)).containsExactlyInAnyOrderElementsOf(ALL);
            assertThat(fenced(rig.target)).isEmpty();
            int before = rig.acknowledged();
            CounterRig.await("writes go on", () -> rig.acknowledged() > before + 50 || !rig.failures.isEmpty());
            assertThat(rig.failures).isEmpty();
            expectDone(rollback(round % 2 == 0 ? other : one, Stage.SHADOW));
            assertThat(fenced(rig.legacy)).isEmpty();
            assertThat(fenced(rig.target)).containsExactlyInAnyOrderElementsOf(ALL);
            int then = rig.acknowledged();
            CounterRig.await("writes go on", () -> rig.acknowledged() > then + 50 || !rig.failures.isEmpty());
            toRollout(one);
        }
        rig.expectNothingLost();
        assertThat(rig.legacy.number("SELECT count(*) FROM crossfade.undo WHERE purpose = 'autovacuum'"))
                .isZero();
    }

    @Test
    void aRehearsalEndsWhereItBeganAndReportsHowLongWritesWereHeld() {
        Crossfade proxy = rig.proxy();
        rig.write(4, proxy);
        Work work = rehearse(proxy);
        expectDone(work);
        assertThat(work.report()).containsKeys("counters.cutoverHoldMillis", "counters.rollbackHoldMillis");
        assertThat(work.report().get("counters.rowsLost")).isEqualTo(0);
        assertThat(rig.legacy.rows("SELECT DISTINCT stage, authority, rollout FROM crossfade.state"))
                .containsExactly("rollout|legacy|50.00");
        assertThat(fenced(rig.legacy)).isEmpty();
        rig.expectNothingLost();
    }

    @Test
    void aSmokeTestThatFindsNothingBringsTheWritesBack() {
        rig.legacy.execute("DELETE FROM counters WHERE id = 32");
        rig.target.execute("DELETE FROM counters WHERE id = 32");
        CutoverRig strict = new CutoverRig(
                new CutoverSettings(Duration.ofSeconds(5), List.of("/counters?id=eq.1", "/counters?id=eq.33"), 1_000));
        try {
            Crossfade proxy = strict.proxy();
            Work work = cutover(proxy);
            assertThat(work.state()).isEqualTo(WorkState.FAILED);
            assertThat(work.outcome()).contains("/counters?id=eq.33", "no row", "back on legacy");
            assertThat(fenced(strict.legacy)).isEmpty();
            assertThat(strict.legacy.rows("SELECT DISTINCT stage, rollout FROM crossfade.state"))
                    .containsExactly("rollout|50.00");
        } finally {
            strict.close();
        }
    }

    @Test
    void aSessionThatHoldsTheTablesIsNamedAndNothingMoves() {
        Crossfade proxy = rig.proxy();
        rig.legacy.execute(
                "BEGIN; SET LOCAL application_name = 'month-end report'; UPDATE counters SET n = n WHERE id = 1");
        Work work = cutover(proxy);
        assertThat(work.state()).isEqualTo(WorkState.FAILED);
        assertThat(work.outcome()).contains("month-end report", "counters");
        rig.legacy.execute("COMMIT");
        expectDone(cutover(proxy));
    }

    /** Its transaction begins when it is too late to be refused before, and outlasts all that the driver may take. */
    @Test
    void aSessionThatComesBeforeTheFenceIsNamedAndNothingMovesThoughTimeIsShort() {
        CutoverRig brief = new CutoverRig(new CutoverSettings(Duration.ofSeconds(2), List.of(), 1_000));
        try {
            Crossfade proxy = brief.proxy();
            brief.wireToLegacy.whenSeen(
                    TcpRelay.Direction.TO_DATABASE,
                    "SAVEPOINT crossfade_fence",
                    () -> brief.legacy.execute("BEGIN; SET LOCAL application_name = 'month-end report';"
                            + " UPDATE bookings SET id = id; UPDATE counters SET n = n WHERE id = 1"));
            Work work = cutover(proxy);
            assertThat(brief.wireToLegacy.isSeen()).isTrue();
            assertThat(work.state()).isEqualTo(WorkState.FAILED);
            assertThat(work.outcome())
                    .contains("the tables on legacy were in use for too long", "month-end report")
                    .doesNotContain("name crossfade");
            brief.legacy.execute("COMMIT");
            expectDone(cutover(proxy));
        } finally {
            brief.close();
        }
    }

    @Test
    void aProxyIsReadyAsLongAsItReachesTheSideThatTakesTheWrites() {
        Crossfade proxy = rig.proxy();
        assertThat(ready(proxy).status()).isEqualTo(200);
        expectDone(cutover(proxy));
        rig.wireToLegacy.cut();
        CounterRig.await(
                "legacy is known to be down",
                () -> new RestClient("http://127.0.0.1:" + proxy.adminPort())
                        .request("GET", "/api/status")
                        .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN)
                        .send()
                        .body()
                        .replace(" ", "")
                        .contains("\"up\":false"));
        assertThat(ready(proxy).status()).isEqualTo(200);
        RestResponse written = new RestClient("http://127.0.0.1:" + proxy.restPort() + "/rest/v1")
                .patch("/counters?id=eq.1", "{\"n\":7}");
        assertThat(written.status()).isEqualTo(204);
        assertThat(rig.target.number("SELECT count(*) FROM crossfade.journal")).isPositive();

        rig.wireToTarget.cut();
        CounterRig.await("it is not ready any more", () -> ready(proxy).status() == 503);
        assertThat(ready(proxy).body()).contains("target is down");
        rig.wireToLegacy.restore();
        rig.wireToTarget.restore();
    }

    private static RestResponse ready(Crossfade proxy) {
        return new RestClient("http://127.0.0.1:" + proxy.adminPort()).get("/health/ready");
    }

    private static void toRollout(Crossfade proxy) {
        for (String repository : List.of("clients", "counters")) {
            CounterRig.await(
                    "stage rollout",
                    () -> proxy.rollouts()
                                    .change(repository, Change.toRollout(50), OptionalLong.empty(), CutoverRig.OLGA)
                                    .await()
                            instanceof Changed);
        }
    }
}
