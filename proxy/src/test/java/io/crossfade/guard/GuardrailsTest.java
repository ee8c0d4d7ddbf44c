package io.crossfade.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.gates.Gate;
import io.crossfade.guard.Reading.State;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation.GuardrailBreached;
import io.crossfade.observation.Observation.GuardrailBreached.Action;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Change;
import io.crossfade.rollout.ChangeResult.Changed;
import io.crossfade.settings.GuardrailSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuardrailsTest {
    private static final String DOWN = "CF503";

    private TestDatabase legacy;
    private TestDatabase target;
    private GuardRig rig;

    @BeforeEach
    void open() {
        String notes = "CREATE TABLE notes (id integer PRIMARY KEY, note text)";
        legacy = PostgresServers.legacy().database(List.of(notes));
        target = PostgresServers.target().database(List.of(notes));
        Vertx vertx = Vertx.vertx();
        CrossfadeExtension.install(vertx, CrossfadeExtension.settings(legacy, target));
        vertx.close().await();
        rig = new GuardRig(legacy, target, Stage.ROLLOUT, GuardrailSettings.DEFAULTS);
    }

    @AfterEach
    void close() {
        rig.close();
        legacy.drop();
        target.drop();
    }

    @Test
    void threeBadWindowsInARowStepTheRolloutBackAndSayWhy() {
        rig.window(50, 50, 5, DOWN);
        rig.window(50, 50, 5, DOWN);
        assertThat(rig.standing().stage()).isEqualTo(Stage.ROLLOUT);
        rig.window(50, 50, 5, DOWN);

        assertThat(rig.place()).isEqualTo("shadow 0.0");
        String words = "10.0 % of the target's calls failed, and 0.0 % of legacy's; 2.0 % more is the limit";
        assertThat(legacy.rows("SELECT stage, changed_by, reason FROM crossfade.state"))
                .containsExactly("shadow|crossfade|guardrail errors: " + words);
        assertThat(rig.breaches())
                .containsExactly(new GuardrailBreached("notes", "errors", words, Action.STEPPED_BACK));
    }

    @Test
    void aGoodWindowBeginsTheCountAnew() {
        rig.window(50, 50, 5, DOWN);
        rig.window(50, 50, 5, DOWN);
        rig.goodWindow();
        rig.window(50, 50, 5, DOWN);
        rig.window(50, 50, 5, DOWN);
        assertThat(rig.standing().stage()).isEqualTo(Stage.ROLLOUT);
    }

    @Test
    void littleTrafficFillsAWindowInTheEndAndIsNotTakenForHealthMeanwhile() {
        rig.window(50, 50, 5, DOWN);
        rig.window(50, 50, 5, DOWN);
        rig.window(0, 20, 2, DOWN);
        assertThat(rig.standing().stage()).isEqualTo(Stage.ROLLOUT);
        assertThat(rig.reading(Rail.ERRORS)).isEqualTo(State.BAD);
        rig.window(0, 30, 3, DOWN);
        assertThat(rig.standing().stage()).isEqualTo(Stage.SHADOW);
    }

    @Test
    void beforeEnoughWasSeenThereIsNoData() {
        rig.window(50, 49, 49, DOWN);
        assertThat(rig.reading(Rail.ERRORS)).isEqualTo(State.NO_DATA);
        assertThat(rig.reading(Rail.LATENCY)).isEqualTo(State.NO_DATA);
    }

    @Test
    void whatWasSeenLongAgoSaysNothing() {
        rig.goodWindow();
        assertThat(rig.reading(Rail.ERRORS)).isEqualTo(State.GOOD);
        rig.pass(Duration.ofHours(1));
        assertThat(rig.reading(Rail.ERRORS)).isEqualTo(State.NO_DATA);
    }

    @Test
    void whatACallerDidWrongIsNoFaultOfTheTarget() {
        for (int i = 0; i < 4; i++) {
            rig.window(50, 50, 50, "23505");
        }
        assertThat(rig.reading(Rail.ERRORS)).isEqualTo(State.GOOD);
        assertThat(rig.standing().stage()).isEqualTo(Stage.ROLLOUT);
    }

    @Test
    void faultsThatLegacyHasAsWellAreTakenOff() {
        for (int i = 0; i < 4; i++) {
            rig.calls(Side.LEGACY, 10, "42703", 5);
            rig.window(90, 50, 5, "42703");
        }
        assertThat(rig.reading(Rail.ERRORS)).isEqualTo(State.GOOD);
        assertThat(rig.standing().stage()).isEqualTo(Stage.ROLLOUT);
    }

    @Test
    void aTargetThatIsMuchSlowerThanLegacyStepsTheRolloutBack() {
        for (int i = 0; i < 3; i++) {
            rig.window(50, 50, 0, "", 40, 120);
        }
        assertThat(rig.standing().stage()).isEqualTo(Stage.SHADOW);
        assertThat(rig.breaches().get(0).guardrail()).isEqualTo("latency");
    }

    @Test
    void aTargetThatIsFastEnoughMayBeSlowerThanLegacy() {
        for (int i = 0; i < 4; i++) {
            rig.window(50, 50, 0, "", 1, 40);
        }
        assertThat(rig.reading(Rail.LATENCY)).isEqualTo(State.GOOD);
    }

    @Test
    void withoutReadsOnLegacyThereIsNothingToCompareWith() {
        for (int i = 0; i < 4; i++) {
            rig.window(0, 50, 0, "", 1, 120);
        }
        assertThat(rig.reading(Rail.LATENCY)).isEqualTo(State.NO_DATA);
        assertThat(rig.standing().stage()).isEqualTo(Stage.ROLLOUT);
    }

    @Test
    void aShadowThatFallsBehindStepsTheRolloutBackWithoutAnyCall() {
        rig.behind(null);
        rig.pass(Duration.ofSeconds(10));
        assertThat(rig.reading(Rail.LAG)).isEqualTo(State.NO_DATA);
        rig.behind(Duration.ofSeconds(11));
        rig.pass(Duration.ofSeconds(10));
        rig.pass(Duration.ofSeconds(10));
        assertThat(rig.standing().stage()).isEqualTo(Stage.ROLLOUT);
        rig.pass(Duration.ofSeconds(10));
        assertThat(rig.standing().stage()).isEqualTo(Stage.SHADOW);
    }

    @Test
    void readsThatDifferStepTheRolloutBackWhereALimitIsSet() {
        rig.close();
        rig = new GuardRig(legacy, target, Stage.ROLLOUT, withMismatchRate(0.5));
        rig.goodWindow();
        assertThat(rig.reading(Rail.MISMATCHES)).isEqualTo(State.NO_DATA);
        rig.compared = Optional.of(new Mismatches.Compared(100, 1));
        for (int i = 0; i < 3; i++) {
            rig.goodWindow();
        }
        assertThat(rig.place()).isEqualTo("shadow 0.0");
        assertThat(rig.breaches().get(0).guardrail()).isEqualTo("mismatches");
    }

    @Test
    void ofTwoProxiesThatFindTheSameOneStepsBackAndTheOtherFindsItDone() {
        try (GuardRig other = new GuardRig(legacy, target, Stage.ROLLOUT, GuardrailSettings.DEFAULTS)) {
            long epoch = rig.state().epoch();
            for (GuardRig each : List.of(rig, other)) {
                each.window(50, 50, 5, DOWN);
                each.window(50, 50, 5, DOWN);
                each.calls(Side.LEGACY, 50, null, 5);
                each.calls(Side.TARGET, 50, DOWN, 5);
                each.letPass(Duration.ofSeconds(10));
            }
            Future.join(rig.guardrails.tick(), other.guardrails.tick()).await();
            assertThat(legacy.rows("SELECT stage, epoch FROM crossfade.state"))
                    .containsExactly("shadow|" + (epoch + 1));
            assertThat(rig.breaches().size() + other.breaches().size()).isEqualTo(1);
            other.await(
                    "the other follows",
                    () -> other.place().equals("shadow 0.0") && rig.place().equals("shadow 0.0"));
        }
    }

    @Test
    void anOperatorWhoChangesTheShareMeanwhileDoesNotKeepItFromSteppingBack() {
        rig.window(50, 50, 5, DOWN);
        rig.window(50, 50, 5, DOWN);
        rig.calls(Side.TARGET, 50, DOWN, 5);
        rig.letPass(Duration.ofSeconds(10));
        Future<?> share = rig.rollouts.change("notes", Change.toRollout(50), OptionalLong.empty(), By.operator("ana"));
        rig.tick();
        assertThat(share.await()).isInstanceOf(Changed.class);
        assertThat(rig.place()).isEqualTo("shadow 0.0");
    }

    @Test
    void afterABreachTheWayForwardIsShutForAWhileOnEveryProxy() {
        assertThat(rig.gate("guardrails").state()).isEqualTo(Gate.State.GREEN);
        for (int i = 0; i < 3; i++) {
            rig.window(50, 50, 5, DOWN);
        }
        try (GuardRig other = new GuardRig(legacy, target, Stage.ROLLOUT, GuardrailSettings.DEFAULTS)) {
            assertThat(other.gate("guardrails").state()).isEqualTo(Gate.State.RED);
            assertThat(other.gate("guardrails").reason()).contains("guardrail errors: 10.0 %");
            other.letPass(Duration.ofMinutes(11));
            assertThat(other.gate("guardrails").state()).isEqualTo(Gate.State.GREEN);
        }
    }

    @Test
    void onceTheTargetHasTheWritesABreachIsAnAlarmThatIsNotRepeatedAllTheTime() {
        // What a cutover leaves behind.
        for (TestDatabase side : List.of(legacy, target)) {
            side.execute(
                    "UPDATE crossfade.state SET epoch = epoch + 2, stage = 'live', authority = 'target', rollout = 0");
        }
        rig.await(
                "it is known",
                () -> rig.standing().stage() == Stage.LIVE && !rig.standing().onItsWay());
        rig.tick();
        for (int i = 0; i < 9; i++) {
            rig.window(0, 50, 5, DOWN);
        }
        assertThat(rig.standing().stage()).isEqualTo(Stage.LIVE);
        assertThat(rig.breaches())
                .singleElement()
                .satisfies(breach -> assertThat(breach.action()).isEqualTo(Action.ALARM));
        rig.letPass(Duration.ofMinutes(10));
        rig.window(0, 50, 5, DOWN);
        assertThat(rig.breaches()).hasSize(2);
    }

    @Test
    void aStepBackThatCannotBeMadeIsToldAndMadeWhenItCan() {
        rig.window(50, 50, 5, DOWN);
        rig.window(50, 50, 5, DOWN);
        legacy.execute("ALTER TABLE crossfade.state RENAME TO state_away");
        rig.window(50, 50, 5, DOWN);
        assertThat(rig.breaches())
                .singleElement()
                .satisfies(breach -> assertThat(breach.action()).isEqualTo(Action.FAILED));
        legacy.execute("ALTER TABLE crossfade.state_away RENAME TO state");
        rig.await(
                "stage rollout is known again",
                () -> rig.standing().stage() == Stage.ROLLOUT && !rig.standing().onItsWay());
        rig.tick();
        assertThat(rig.place()).isEqualTo("shadow 0.0");
    }

    private static GuardrailSettings withMismatchRate(double rate) {
        GuardrailSettings usual = GuardrailSettings.DEFAULTS;
        return new GuardrailSettings(
                usual.window(),
                usual.minSamples(),
                usual.badWindows(),
                usual.errorRate(),
                usual.latencyFactor(),
                usual.latencyFloor(),
                usual.maxLag(),
                rate,
                usual.coolDown());
    }
}
