package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.settings.GateSettings;
import io.crossfade.settings.GuardrailSettings;
import io.crossfade.settings.RampSettings;
import io.crossfade.testing.TestDatabase;
import io.crossfade.work.Step;
import io.crossfade.work.Work;
import io.crossfade.work.WorkState;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two groups, {@code bookings} and {@code counters}, which move one after the other. */
class SeveralGroupsMoveTest {
    private static final GateSettings NO_SOAK = new GateSettings(Duration.ofSeconds(10), Duration.ZERO, Duration.ZERO);

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
    void aGateThatShutsWhileOthersMoveKeepsAGroupWhereItIs() {
        Crossfade proxy = Crossfade.start(
                        rig.vertx,
                        rig.settings.with(NO_SOAK, GuardrailSettings.DEFAULTS, RampSettings.DEFAULTS),
                        true)
                .await();
        try {
            CounterRig.await("both groups are followed", () -> proxy.rollouts()
                    .gates(List.of("counters", "bookings"))
                    .await()
                    .values()
                    .stream()
                    .flatMap(List::stream)
                    .allMatch(gate -> gate.isOpen()));
            proxy.works().onStep(this::breakCountersWhileBookingsMove);
            Work work = CutoverRig.await(
                    proxy,
                    CutoverRig.cutovers(proxy)
                            .cutover(Set.of(), OptionalLong.empty(), new By("olga", "", false))
                            .await());
            assertThat(work.state()).isEqualTo(WorkState.FAILED);
            assertThat(work.outcome()).contains("counters was not moved").contains("guardrails");
            assertThat(stage(rig.target, "bookings")).isEqualTo("live");
            assertThat(stage(rig.target, "counters")).isEqualTo("rollout");
        } finally {
            proxy.close().await();
        }
    }

    @Test
    void aGroupThatCannotGoBackKeepsNoOtherFromIt() {
        Crossfade proxy = rig.proxy();
        CutoverRig.expectDone(CutoverRig.cutover(proxy));
        rig.legacy.execute("INSERT INTO crossfade.dead_letter (repository, key, sqlstate, problem, next_try_at)"
                + " VALUES ('bookings', '{1}', '23505', 'it was refused', now() + interval '1 day')");
        Work work = CutoverRig.rollback(proxy, Stage.SHADOW);
        assertThat(work.state()).isEqualTo(WorkState.FAILED);
        assertThat(work.outcome()).contains("dead-letters");
        assertThat(stage(rig.legacy, "bookings")).isEqualTo("live");
        assertThat(stage(rig.legacy, "counters")).isEqualTo("shadow");
    }

    private void breakCountersWhileBookingsMove(Work work) {
        List<Step> steps = work.steps();
        if (!steps.isEmpty() && steps.get(steps.size() - 1).name().equals("bookings: fencing legacy")) {
            rig.legacy.execute("INSERT INTO crossfade.fact (group_name, fact, repositories, generation, ok, at, detail)"
                    + " VALUES ('counters', 'guardrails', '{counters}', 1, false, now(), 'it was broken')"
                    + " ON CONFLICT DO NOTHING");
        }
    }

    private static String stage(TestDatabase side, String group) {
        return side.value("SELECT stage FROM crossfade.state WHERE group_name = '" + group + "'");
    }
}
