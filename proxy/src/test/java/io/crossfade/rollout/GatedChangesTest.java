package io.crossfade.rollout;

import static io.crossfade.rollout.RolloutFixture.inGroup;
import static io.crossfade.rollout.RolloutFixture.twoSides;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.gates.Gate;
import io.crossfade.gates.Gates;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.ChangeResult.Changed;
import io.crossfade.rollout.ChangeResult.Refused;
import io.crossfade.rollout.ChangeResult.Stale;
import io.crossfade.state.BothRows;
import io.crossfade.state.RememberedStates;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How a change treats its gates, whatever they are; the gates given here say what each test wants them to say. */
class GatedChangesTest {
    private static final Gate RED =
            new Gate("verify", Gate.State.RED, "The rows were not compared; compare them", null);
    private static final Gate UNKNOWN = new Gate("soak", Gate.State.UNKNOWN, "Nobody knows; look", null);
    private static final Gate GREEN = new Gate("sides", Gate.State.GREEN, "Both databases answer", null);

    private final RememberedStates states = new RememberedStates();
    private final List<String> asked = new ArrayList<>();
    private Future<List<Gate>> looked = Future.succeededFuture(List.of(GREEN));
    private final Rollouts rollouts = rollouts();

    @Test
    void aStepForwardAsksTheGatesOfItsStageForTheWholeGroup() {
        assertThat(change(Stage.ROLLOUT, By.operator("ana"))).isInstanceOf(Changed.class);
        assertThat(asked).containsExactly("people [clients, notes] rollout");
    }

    @Test
    void everythingThatIsNotGreenIsNamedAtOnce() {
        looked = Future.succeededFuture(List.of(GREEN, RED, UNKNOWN));
        assertThat(change(Stage.ROLLOUT, By.operator("ana")))
                .isEqualTo(new Refused(
                        "the gates towards stage 'rollout' are not green. verify: The rows were not compared;"
                                + " compare them. soak: Nobody knows; look. Mend that, or override it with a reason"));
        assertThat(rollouts.current().of("clients").stage()).isEqualTo(Stage.SHADOW);
    }

    @Test
    void whatIsNotKnownIsNotTakenForGreen() {
        looked = Future.succeededFuture(List.of(UNKNOWN));
        assertThat(change(Stage.ROLLOUT, By.operator("ana"))).isInstanceOf(Refused.class);
    }

    @Test
    void whoOverridesGetsPastAndWhatWasOverriddenIsKept() {
        looked = Future.succeededFuture(List.of(GREEN, RED, UNKNOWN));
        assertThat(change(Stage.ROLLOUT, new By("ana", "compared by hand", true)))
                .isInstanceOf(Changed.class);
        assertThat(reason()).isEqualTo("compared by hand [overrode: verify, soak]");
    }

    @Test
    void whoOverridesWhatIsGreenOverrodeNothing() {
        assertThat(change(Stage.ROLLOUT, new By("ana", "to be sure", true))).isInstanceOf(Changed.class);
        assertThat(reason()).isEqualTo("to be sure");
    }

    @Test
    void theWayBackIsNeverBehindAGate() {
        looked = Future.succeededFuture(List.of(RED));
        assertThat(change(Stage.OFF, By.operator("ana"))).isInstanceOf(Changed.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void anotherShareIsNoStepForward() {
        assertThat(change(Stage.ROLLOUT, By.operator("ana"))).isInstanceOf(Changed.class);
        looked = Future.succeededFuture(List.of(RED));
        assertThat(rollouts.change("clients", Change.toRollout(50), OptionalLong.empty(), By.operator("ana"))
                        .await())
                .isInstanceOf(Changed.class);
    }

    @Test
    void whatIsDecidedElsewhereWhileTheGatesAreLookedAtMakesTheStepStale() {
        Promise<List<Gate>> looking = Promise.promise();
        looked = looking.future();
        Future<ChangeResult> step =
                rollouts.change("clients", Change.toStage(Stage.ROLLOUT), OptionalLong.empty(), By.operator("ana"));
        assertThat(states.decide(rows(), rows().holding().changedTo(Stage.OFF, 0, Map.of(), "ben", "elsewhere"))
                        .await())
                .isTrue();
        looking.complete(List.of(GREEN));
        assertThat(step.await()).isInstanceOf(Stale.class);
        assertThat(rollouts.current().of("clients").stage()).isEqualTo(Stage.OFF);
    }

    private BothRows rows() {
        return requireNonNull(states.current().get("people"));
    }

    private String reason() {
        return rows().holding().reason();
    }

    private ChangeResult change(Stage stage, By by) {
        return rollouts.change("clients", Change.toStage(stage), OptionalLong.empty(), by)
                .await();
    }

    private Rollouts rollouts() {
        Rollouts open = new Rollouts(
                twoSides(Map.of(
                        "clients", inGroup("people", Stage.SHADOW, 0), "notes", inGroup("people", Stage.SHADOW, 0))),
                () -> Set.of("clients", "notes"),
                false,
                states,
                new Gates() {
                    @Override
                    public Future<List<Gate>> towards(String group, Set<String> members, Stage next) {
                        asked.add(group + " " + members.stream().sorted().toList() + " " + next.label());
                        return looked;
                    }

                    @Override
                    public Future<List<Gate>> shown(String group, Set<String> members, Stage next) {
                        return looked;
                    }
                },
                observation -> {});
        open.begin().await();
        return open;
    }
}
