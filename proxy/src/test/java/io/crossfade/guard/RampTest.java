package io.crossfade.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Change;
import io.crossfade.rollout.ChangeResult.Changed;
import io.crossfade.rollout.ChangeResult.Refused;
import io.crossfade.settings.GuardrailSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RampTest {
    private static final Duration SOAK = Duration.ofMinutes(30);

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
        rig = another();
        assertThat(start(rig)).isInstanceOf(Changed.class);
        rig.tick();
    }

    @AfterEach
    void close() {
        rig.close();
        legacy.drop();
        target.drop();
    }

    @Test
    void itGoesFromShadowToTheFirstStepAndToTheNextOnesWhenTheirTimeHasPassed() {
        List<String> places = new ArrayList<>(List.of(rig.place()));
        for (int step = 0; step < 5; step++) {
            rig.goodWindow();
            places.add(rig.place());
            rig.letPass(SOAK);
            rig.goodWindow();
            places.add(rig.place());
            rig.beginNow();
        }
        assertThat(places.stream().distinct())
                .containsExactly("rollout 1.0", "rollout 5.0", "rollout 25.0", "rollout 50.0", "rollout 100.0");
        assertThat(places.get(1)).as("before its time").isEqualTo("rollout 1.0");
        assertThat(places.get(3)).as("before its time").isEqualTo("rollout 5.0");
        assertThat(rig.state().reason()).isEqualTo("auto-ramp: from 50.0 % to 100.0 %, every guardrail good");
        assertThat(rig.guardrails.ramp("notes").await()).isEmpty();
    }

    @Test
    void withoutDataItStaysWhereItIs() {
        rig.letPass(SOAK);
        rig.pass(Duration.ofSeconds(10));
        rig.window(50, 49, 0, "");
        assertThat(rig.place()).isEqualTo("rollout 1.0");
        rig.window(0, 1, 0, "");
        assertThat(rig.place()).isEqualTo("rollout 5.0");
    }

    @Test
    void whileOneGuardrailHasNoDataItStaysWhereItIs() {
        rig.letPass(SOAK);
        rig.behind(null);
        rig.goodWindow();
        assertThat(rig.place()).isEqualTo("rollout 1.0");
        rig.behind(Duration.ZERO);
        rig.goodWindow();
        assertThat(rig.place()).isEqualTo("rollout 5.0");
    }

    @Test
    void aBadWindowHoldsItAndABreachEndsItForGood() {
        rig.letPass(SOAK);
        rig.window(50, 50, 5, "CF503");
        assertThat(rig.place()).isEqualTo("rollout 1.0");
        rig.window(50, 50, 5, "CF503");
        rig.window(50, 50, 5, "CF503");
        assertThat(rig.place()).isEqualTo("shadow 0.0");
        assertThat(change(rig, 1)).isInstanceOf(Changed.class);
        rig.tick();
        rig.letPass(SOAK);
        rig.goodWindow();
        assertThat(rig.place()).isEqualTo("rollout 1.0");
    }

    @Test
    void aShareThatAnOperatorSetsEndsIt() {
        assertThat(change(rig, 2)).isInstanceOf(Changed.class);
        assertThat(rig.guardrails.ramp("notes").await()).isEmpty();
        rig.letPass(SOAK);
        rig.goodWindow();
        assertThat(rig.place()).isEqualTo("rollout 2.0");
    }

    @Test
    void itOutlivesTheProxyThatItWasStartedOn() {
        rig.close();
        rig = another();
        rig.letPass(SOAK);
        rig.goodWindow();
        assertThat(rig.place()).isEqualTo("rollout 5.0");
    }

    @Test
    void aProxyThatDiesBetweenAStepAndItsRecordDoesNotEndIt() {
        assertThat(rig.rollouts
                        .change("notes", Change.toRollout(5), OptionalLong.empty(), By.itself("auto-ramp"))
                        .await())
                .isInstanceOf(Changed.class);
        assertThat(rig.guardrails.ramp("notes").await())
                .hasValueSatisfying(next -> assertThat(next.share()).isEqualTo(25.0));
        rig.letPass(SOAK);
        rig.goodWindow();
        assertThat(rig.place()).isEqualTo("rollout 25.0");
    }

    @Test
    void ofTwoProxiesOneTakesTheStep() {
        try (GuardRig other = another()) {
            long epoch = rig.state().epoch();
            for (GuardRig each : List.of(rig, other)) {
                each.calls(Side.LEGACY, 50, null, 5);
                each.calls(Side.TARGET, 50, null, 5);
                each.letPass(SOAK);
            }
            Future.join(rig.guardrails.tick(), other.guardrails.tick()).await();
            assertThat(legacy.rows("SELECT rollout, epoch FROM crossfade.state"))
                    .containsExactly("5.00|" + (epoch + 1));
        }
    }

    @Test
    void itBeginsAtTheShareThatIsThereAndNowhereElseThanInShadowOrRollout() {
        assertThat(change(rig, 10)).isInstanceOf(Changed.class);
        assertThat(start(rig)).isInstanceOf(Changed.class);
        assertThat(rig.place()).isEqualTo("rollout 10.0");
        assertThat(rig.guardrails.ramp("notes").await())
                .hasValueSatisfying(next -> assertThat(next.share()).isEqualTo(25.0));
        assertThat(rig.rollouts
                        .change("notes", Change.toStage(Stage.DUAL_WRITE), OptionalLong.empty(), By.operator("ana"))
                        .await())
                .isInstanceOf(Changed.class);
        assertThat(start(rig)).isInstanceOf(Refused.class);
    }

    private GuardRig another() {
        return new GuardRig(legacy, target, Stage.SHADOW, GuardrailSettings.DEFAULTS);
    }

    private static Object start(GuardRig at) {
        return at.guardrails
                .startRamp("notes", OptionalLong.empty(), By.operator("ana"))
                .await();
    }

    private static Object change(GuardRig at, double share) {
        return at.rollouts
                .change("notes", Change.toRollout(share), OptionalLong.empty(), By.operator("ana"))
                .await();
    }
}
