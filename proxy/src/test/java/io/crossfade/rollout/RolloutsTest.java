package io.crossfade.rollout;

import static io.crossfade.rollout.RolloutFixture.inGroup;
import static io.crossfade.rollout.RolloutFixture.legacyAlone;
import static io.crossfade.rollout.RolloutFixture.twoSides;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.call.Operation;
import io.crossfade.gates.Gates;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.RolloutChanged;
import io.crossfade.rollout.ChangeResult.Changed;
import io.crossfade.rollout.ChangeResult.Refused;
import io.crossfade.rollout.ChangeResult.Stale;
import io.crossfade.rollout.ChangeResult.UnknownRepository;
import io.crossfade.settings.FreshnessSettings;
import io.crossfade.settings.FreshnessSettings.Ack;
import io.crossfade.settings.FreshnessSettings.StaleReads;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.state.RememberedStates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutsTest {
    private static final OptionalLong ANY = OptionalLong.empty();

    private final List<Observation> observed = new CopyOnWriteArrayList<>();

    @Test
    void aRepositoryThatIsNotConfiguredIsOff() {
        Rollouts rollouts = demo(Map.of());

        assertThat(rollouts.current().of("clients").stage()).isEqualTo(Stage.OFF);
        assertThat(rollouts.names()).containsExactly("bookings", "clients");
    }

    @Test
    void aChangeIsInTheTableAtOnceAndObserved() {
        Rollouts rollouts = demo();

        ChangeResult result = change(rollouts, "clients", Change.toRollout(12.5), OptionalLong.of(3));

        assertThat(result).isEqualTo(new Changed(rollouts.current(), Set.of("clients")));
        assertThat(rollouts.current().epoch()).isEqualTo(4);
        assertThat(rollouts.current().of("clients").rollout()).isEqualTo(12.5);
        assertThat(rollouts.current().of("bookings").stage()).isEqualTo(Stage.SHADOW);
        assertThat(observed).containsExactly(new RolloutChanged("clients", Stage.ROLLOUT, 12.5, 4));
    }

    @Test
    void aChangeBasedOnAnOldEpochChangesNothing() {
        Rollouts rollouts = demo();
        move(rollouts, Change.toRollout(5));

        assertThat(change(rollouts, "clients", Change.toRollout(50), OptionalLong.of(3)))
                .isEqualTo(new Stale(3, 4));
        assertThat(rollouts.current().of("clients").rollout()).isEqualTo(5);
    }

    @Test
    void ofManyChangesBasedOnOneEpochExactlyOneWins() throws Exception {
        Rollouts rollouts = demo();
        List<ChangeResult> results =
                together(16, i -> () -> change(rollouts, "clients", Change.toRollout(i), OptionalLong.of(3)));

        assertThat(results).filteredOn(Changed.class::isInstance).hasSize(1);
        assertThat(results).filteredOn(Stale.class::isInstance).hasSize(15);
        assertThat(rollouts.current().epoch()).isEqualTo(4);
    }

    @Test
    void changesThatNameNoEpochAreAllMadeAndObservedInTheirOrder() throws Exception {
        Rollouts rollouts = demo();
        List<ChangeResult> results = together(
                16, i -> () -> change(rollouts, i % 2 == 0 ? "clients" : "bookings", Change.toRollout(i), ANY));

        assertThat(results).allMatch(Changed.class::isInstance);
        assertThat(rollouts.current().epoch()).isEqualTo(19);
        assertThat(observed).extracting(seen -> ((RolloutChanged) seen).epoch()).isSorted();
    }

    @Test
    void aRepositoryThatNobodyKnowsIsNotMadeUp() {
        assertThat(change(demo(), "nothing", Change.toRollout(5), ANY)).isEqualTo(new UnknownRepository("nothing"));
    }

    @Test
    void withoutATargetThereIsNothingToMoveTo() {
        Rollouts rollouts = new Rollouts(
                legacyAlone(), () -> Set.of("clients"), true, new RememberedStates(), Gates.NONE, observed::add);

        assertThat(refusal(change(rollouts, "clients", Change.toRollout(5), ANY)))
                .isEqualTo("stage 'rollout' needs a second database, and no target is configured");
    }

    @Test
    void aShareIsRefusedOutsideOfStageRollout() {
        Rollouts rollouts = demo();

        assertThat(refusal(change(rollouts, "clients", new Change(Stage.SHADOW, 5.0, Map.of()), ANY)))
                .isEqualTo("a rollout can be given in stage 'rollout' only, and 'clients' would be in 'shadow'");
        assertThat(refusal(change(rollouts, "clients", new Change(null, 5.0, Map.of()), ANY)))
                .contains("'shadow'");
    }

    @Test
    void whoeverComesBackToStageRolloutStartsAtZero() {
        Rollouts rollouts = demo();
        move(rollouts, Change.toRollout(80));
        move(rollouts, Change.toStage(Stage.SHADOW));
        move(rollouts, Change.toStage(Stage.ROLLOUT));

        assertThat(rollouts.current().of("clients").rollout()).isZero();
    }

    @Test
    void theShadowAnswersOnlyWhatIsLaterThanTheMoveSoThatNoProxyMissesIt() {
        Rollouts rollouts = demo();
        long before = System.nanoTime();
        move(rollouts, Change.toRollout(80));
        Long from = requireNonNull(rollouts.current().of("clients").shadowReadableFrom());
        assertThat(from - before).isGreaterThanOrEqualTo(2_000_000_000L);
        move(rollouts, Change.toRollout(90));
        assertThat(rollouts.current().of("clients").shadowReadableFrom())
                .as("another share is no other stage")
                .isEqualTo(from);
        move(rollouts, Change.toStage(Stage.SHADOW));
        assertThat(rollouts.current().of("clients").shadowReadableFrom()).isNull();
        move(rollouts, Change.toRollout(80));
        assertThat(rollouts.current().of("clients").shadowReadableFrom()).isGreaterThan(from);
    }

    @Test
    void sharesOfSingleOperationsAddUpUntilOneShareForAllEndsThem() {
        Rollouts rollouts = demo();
        move(rollouts, Change.toRollout(20));
        move(rollouts, new Change(null, null, Map.of(Operation.FIND_ONE, 50.0)));
        move(rollouts, new Change(null, null, Map.of(Operation.COUNT, 0.0)));

        assertThat(rollouts.current().of("clients").rollout()).isEqualTo(20);
        assertThat(rollouts.current().of("clients").rolloutByOperation())
                .isEqualTo(Map.of(Operation.FIND_ONE, 50.0, Operation.COUNT, 0.0));

        move(rollouts, Change.toRollout(30));
        assertThat(rollouts.current().of("clients").rolloutByOperation()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 100.01, 12.345, Double.NaN, Double.POSITIVE_INFINITY})
    void aShareIsAPercentageWithTwoDecimals(double share) {
        assertThatThrownBy(() -> Change.toRollout(share)).hasMessageContaining("0 to 100 %");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.29, 1.1, 12.35, 99.99, 100})
    void everyShareOfTwoDecimalsIsAccepted(double share) {
        assertThat(Change.toRollout(share).rollout()).isEqualTo(share);
    }

    @Test
    void onlyReadsHaveAShare() {
        assertThatThrownBy(() -> new Change(null, null, Map.of(Operation.INSERT, 5.0)))
                .hasMessageContaining("'insert' is not a read");
    }

    @Test
    void repositoriesOfAGroupMoveTogetherAndKeepTheirOwnStickyColumns() {
        RepositorySettings notes = new RepositorySettings("people", List.of("client_id"), Stage.SHADOW, 0, Map.of());
        Rollouts rollouts = demo(Map.of("clients", inGroup("people", Stage.SHADOW, 0), "notes", notes));

        ChangeResult result = change(rollouts, "notes", Change.toRollout(5), ANY);

        assertThat(changed(result).moved()).containsExactlyInAnyOrder("clients", "notes");
        assertThat(rollouts.current().of("clients").rollout()).isEqualTo(5);
        assertThat(rollouts.current().of("clients").stickyBy()).containsExactly("phone");
        assertThat(rollouts.current().of("notes").stickyBy()).containsExactly("client_id");
        assertThat(observed).hasSize(2);
    }

    @Test
    void aConfigurationThatThisVersionCannotHonourIsRefusedWithAllItsProblems() {
        Settings settings = twoSides(Map.of(
                "clients", inGroup("people", Stage.ROLLOUT, 5),
                "notes", inGroup("people", Stage.OFF, 0),
                "staff", inGroup("staff", Stage.SHADOW, 5)));

        assertThatThrownBy(
                        () -> new Rollouts(settings, Set::of, false, new RememberedStates(), Gates.NONE, observed::add))
                .hasMessageContaining("repository 'clients': stage 'rollout' needs proof")
                .hasMessageContaining("repository 'notes': is in group 'people'")
                .hasMessageContaining("repository 'staff': a rollout can be given in stage 'rollout' only");
    }

    @Test
    void stageRolloutIsRefusedWhereWritesDoNotWaitAndReadsMustBeFresh() {
        FreshnessSettings usual = FreshnessSettings.DEFAULTS;
        FreshnessSettings authority =
                new FreshnessSettings(Ack.AUTHORITY, usual.ackTimeout(), usual.freshFor(), StaleReads.REFUSED);
        RepositorySettings clients = inGroup("clients", Stage.SHADOW, 0).with(authority);
        Rollouts rollouts = demo(Map.of("clients", clients));

        assertThat(refusal(change(rollouts, "clients", Change.toRollout(5), ANY)))
                .isEqualTo(authority.refusal(Stage.ROLLOUT).orElseThrow())
                .contains("staleReads");
        assertThat(rollouts.current().of("clients").stage()).isEqualTo(Stage.SHADOW);

        FreshnessSettings accepted =
                new FreshnessSettings(Ack.AUTHORITY, usual.ackTimeout(), usual.freshFor(), StaleReads.ACCEPTED);
        Rollouts careless =
                demo(Map.of("clients", inGroup("clients", Stage.SHADOW, 0).with(accepted)));
        assertThat(change(careless, "clients", Change.toRollout(5), ANY)).isInstanceOf(Changed.class);
    }

    private Rollouts demo() {
        return demo(Map.of(
                "clients", inGroup("clients", Stage.SHADOW, 0), "bookings", inGroup("bookings", Stage.SHADOW, 0)));
    }

    private Rollouts demo(Map<String, RepositorySettings> repositories) {
        Rollouts rollouts = new Rollouts(
                twoSides(repositories),
                () -> Set.of("clients", "bookings"),
                true,
                new RememberedStates(),
                Gates.NONE,
                observed::add);
        rollouts.begin().await();
        observed.clear();
        return rollouts;
    }

    private static void move(Rollouts rollouts, Change change) {
        assertThat(change(rollouts, "clients", change, ANY)).isInstanceOf(Changed.class);
    }

    private static Changed changed(ChangeResult result) {
        assertThat(result).isInstanceOf(Changed.class);
        return (Changed) result;
    }

    private static String refusal(ChangeResult result) {
        assertThat(result).isInstanceOf(Refused.class);
        return ((Refused) result).reason();
    }

    private static List<ChangeResult> together(int count, java.util.function.IntFunction<Callable<ChangeResult>> change)
            throws Exception {
        CyclicBarrier start = new CyclicBarrier(count);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<ChangeResult>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Callable<ChangeResult> one = change.apply(i);
                running.add(threads.submit(() -> {
                    start.await();
                    return one.call();
                }));
            }
            List<ChangeResult> results = new ArrayList<>();
            for (Future<ChangeResult> result : running) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static ChangeResult change(Rollouts rollouts, String repository, Change change, OptionalLong epoch) {
        return rollouts.change(repository, change, epoch, By.operator("olga")).await();
    }
}
