package io.crossfade.feature;

import static io.crossfade.feature.CutoverRig.await;
import static io.crossfade.feature.CutoverRig.cutover;
import static io.crossfade.feature.CutoverRig.cutovers;
import static io.crossfade.feature.CutoverRig.expectDone;
import static io.crossfade.feature.CutoverRig.fenced;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.cutover.Begun;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestClient;
import io.crossfade.work.Work;
import io.crossfade.work.WorkState;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever asks for a rollback gets one, and is told where it would not be without a loss. */
class WayBackTest {
    private static final By ANNA = By.operator("anna");

    private CutoverRig rig;

    @BeforeEach
    void open() {
        rig = new CutoverRig(new CutoverSettings(Duration.ofSeconds(60), List.of(), 1_000));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aRollbackStopsACutoverThatTheSameProxyIsDriving() {
        Crossfade proxy = rig.proxy();
        // A row that the target cannot take now keeps the drain of its group from its end.
        rig.target.execute("BEGIN; SELECT FROM counters WHERE id = 1 FOR UPDATE");
        proxy.works().onStep(work -> {
            if (isAt(work, "counters: fencing legacy")) {
                rig.legacy.execute("UPDATE counters SET n = 7 WHERE id = 1");
            }
        });
        Begun begun = cutovers(proxy)
                .cutover(Set.of("counters"), OptionalLong.empty(), CutoverRig.OLGA)
                .await();
        String driven = ((Begun.Started) begun).work().id();
        CounterRig.await(
                "it drains", () -> isAt(proxy.works().find(driven).orElseThrow(), "counters: replaying the rest"));
        Work back = await(proxy, cutovers(proxy).rollback(Set.of("counters"), Stage.SHADOW, ANNA));
        expectDone(back);
        assertThat(back.steps().toString()).contains("had not moved yet: the writes stay on legacy");
        assertThat(fenced(rig.legacy)).isEmpty();
        assertThat(rig.legacy.rows("SELECT stage, authority FROM crossfade.state WHERE group_name = 'counters'"))
                .containsExactly("shadow|legacy");
        rig.target.execute("ROLLBACK");
        CounterRig.await(
                "the driver knows",
                () -> proxy.works().find(driven).orElseThrow().state() != WorkState.RUNNING);
        Work lost = proxy.works().find(driven).orElseThrow();
        assertThat(lost.state()).isEqualTo(WorkState.FAILED);
        assertThat(lost.outcome()).contains("'anna' has stopped the move");
        rig.expectEqual();
    }

    @Test
    void aRollbackThatWouldLeaveWritesBehindIsRefusedUntilSomebodyAnswersForIt() {
        Crossfade proxy = rig.proxy();
        expectDone(cutover(proxy));
        rig.target.execute("ALTER TABLE counters DISABLE TRIGGER crossfade_capture_update;"
                + " UPDATE counters SET n = 9 WHERE id = 1");
        CounterRig.await("the gap is known", () -> red(proxy).contains("On target"));

        Work refused = await(proxy, cutovers(proxy).rollback(Set.of(), Stage.SHADOW, ANNA));
        assertThat(refused.state()).isEqualTo(WorkState.FAILED);
        assertThat(refused.outcome())
                .contains("counters", "may lack writes", "./crossfade install", "--override", "--reason");
        // Legacy has decided; the target's own row follows.
        CounterRig.await(
                "the others are back",
                () -> rig.target
                        .rows("SELECT group_name FROM crossfade.state WHERE authority = 'target'")
                        .equals(List.of("counters")));

        By answering = new By("anna", "the one row is known", true);
        Work back = await(proxy, cutovers(proxy).rollback(Set.of(), Stage.SHADOW, answering));
        expectDone(back);
        assertThat(back.report()).containsKey("counters.captureGap");
        assertThat(fenced(rig.legacy)).isEmpty();
        assertThat(rig.legacy.value("SELECT reason FROM crossfade.state WHERE group_name = 'counters'"))
                .isEqualTo("the one row is known");
    }

    @Test
    void theWayBackAfterASmokeTestIsNotKeptByTheGapThatSomebodyHasAnsweredFor() {
        CutoverRig strict =
                new CutoverRig(new CutoverSettings(Duration.ofSeconds(60), List.of("/counters?id=eq.99"), 1_000));
        try {
            Crossfade proxy = strict.proxy();
            strict.legacy.execute("ALTER TABLE counters DISABLE TRIGGER crossfade_capture_update;"
                    + " UPDATE counters SET n = 9 WHERE id = 1");
            CounterRig.await("the gap is known", () -> red(proxy).contains("On legacy"));
            By answering = new By("anna", "the one row is known", true);
            Work work = await(
                    proxy,
                    cutovers(proxy)
                            .cutover(Set.of("counters"), OptionalLong.empty(), answering)
                            .await());
            assertThat(work.state()).isEqualTo(WorkState.FAILED);
            assertThat(work.outcome()).contains("/counters?id=eq.99", "back on legacy");
            assertThat(work.report()).containsKey("counters.captureGap");
            assertThat(fenced(strict.legacy)).isEmpty();
            assertThat(strict.legacy.rows("SELECT stage FROM crossfade.state WHERE group_name = 'counters'"))
                    .containsExactly("rollout");
        } finally {
            strict.close();
        }
    }

    /** Why groups are red, as this proxy tells it. */
    private static String red(Crossfade proxy) {
        return new RestClient("http://127.0.0.1:" + proxy.adminPort() + "/api")
                .request("GET", "/status")
                .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN)
                .send()
                .expectStatus(200)
                .json()
                .path("capture")
                .findValuesAsText("red")
                .toString();
    }

    private static boolean isAt(Work work, String step) {
        return !work.steps().isEmpty()
                && work.steps().get(work.steps().size() - 1).name().equals(step);
    }
}
