package io.crossfade.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Stage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StageRulesTest {
    private final StageRules rules = new StageRules(true, false);

    @ParameterizedTest(name = "from {0} one change leads to {1}")
    @CsvSource(delimiter = '|', textBlock = """
            off        | off dual-write
            dual-write | off dual-write shadow
            shadow     | off dual-write shadow rollout
            rollout    | off dual-write shadow rollout
            live       | live complete
            complete   | live complete""")
    void forwardOneStageBackwardAnyNumberAndNeverToTheOtherAuthority(String from, String to) {
        assertThat(rules.reachableFrom(stage(from)).stream().map(Stage::label)).containsExactly(to.split(" "));
    }

    @ParameterizedTest
    @EnumSource(names = {"OFF", "DUAL_WRITE", "SHADOW", "ROLLOUT"})
    void theWayToLiveIsACutover(Stage from) {
        assertThat(rules.refusal(from, Stage.LIVE))
                .hasValueSatisfying(reason -> assertThat(reason).contains("./crossfade cutover"));
    }

    @ParameterizedTest
    @EnumSource(names = {"OFF", "DUAL_WRITE", "SHADOW", "ROLLOUT"})
    void theWayBackFromTheTargetIsARollback(Stage to) {
        for (Stage from : List.of(Stage.LIVE, Stage.COMPLETE)) {
            assertThat(rules.refusal(from, to))
                    .hasValueSatisfying(reason -> assertThat(reason).contains("./crossfade rollback"));
        }
    }

    @Test
    void whoeverGoesTooFarIsToldTheNextStage() {
        assertThat(rules.refusal(Stage.OFF, Stage.ROLLOUT))
                .contains(
                        "stage 'rollout' cannot be reached from 'off' at once: a group goes forward one stage at a time,"
                                + " next to 'dual-write'");
    }

    @Test
    void withoutATargetNothingGoesForward() {
        assertThat(new StageRules(false, false).reachableFrom(Stage.OFF)).containsExactly(Stage.OFF);
    }

    @Test
    void aGroupBeginsWhereNoGateWouldHaveBeenPassed() {
        assertThat(Arrays.stream(Stage.values())
                        .filter(stage -> rules.refusalToBegin(stage).isEmpty()))
                .containsExactly(Stage.OFF, Stage.DUAL_WRITE, Stage.SHADOW);
        assertThat(new StageRules(true, true).refusalToBegin(Stage.ROLLOUT)).isEmpty();
    }

    private static Stage stage(String label) {
        return Stage.byLabel(label).orElseThrow();
    }
}
