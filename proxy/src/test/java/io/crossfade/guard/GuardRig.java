package io.crossfade.guard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.agreement.Agreement;
import io.crossfade.call.Operation;
import io.crossfade.gates.Checklist;
import io.crossfade.gates.Facts;
import io.crossfade.gates.Gate;
import io.crossfade.gates.Gates;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.mismatch.MismatchDesk;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.GuardrailBreached;
import io.crossfade.rollout.Rollouts;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.settings.GateSettings;
import io.crossfade.settings.GuardrailSettings;
import io.crossfade.settings.RampSettings;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.Shadowing;
import io.crossfade.sides.Sides;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import io.crossfade.state.States;
import io.crossfade.testing.CanIgnoreReturnValue;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The guardrails of one proxy between two real databases; calls and the passing of time are what the test says. */
final class GuardRig implements AutoCloseable {
    static final int SAMPLES = 50;

    final List<Observation> observed = new CopyOnWriteArrayList<>();
    final Rollouts rollouts;
    final Guardrails guardrails;
    Optional<Mismatches.Compared> compared = Optional.empty();

    private final Vertx vertx = Vertx.vertx();
    private final Sides sides;
    private final Shadowing shadowing;
    private final States states;
    private final Agreement agreement;
    private final Gates checklist;
    private Duration passed = Duration.ZERO;
    private Duration ahead = Duration.ZERO;
    private @Nullable Duration lag = Duration.ZERO;

    /** Between databases in which capture is installed. */
    GuardRig(TestDatabase legacy, TestDatabase target, Stage stage, GuardrailSettings limits) {
        Settings usual = CrossfadeExtension.settings(legacy, target);
        Settings settings = new Settings(
                        usual.legacy(),
                        usual.target(),
                        usual.rest(),
                        usual.admin(),
                        Map.of("notes", new RepositorySettings(null, List.of(), stage, 0, Map.of())),
                        List.of())
                .with(GateSettings.DEFAULTS, limits, RampSettings.DEFAULTS);
        InstantSource clock = () -> Instant.now().plus(ahead);
        sides = Sides.open(vertx, settings, observed::add);
        shadowing = new Shadowing(vertx, sides, observed::add);
        states = States.open(vertx, sides);
        agreement = Agreement.open(vertx, sides, states, shadowing, CutoverSettings.DEFAULTS, observed::add);
        rollouts = new Rollouts(settings, () -> Set.of("notes"), true, agreement, Gates.NONE, observed::add);
        Facts facts = new Facts(sides);
        checklist = new Checklist(
                sides,
                agreement,
                shadowing,
                facts,
                MismatchDesk.empty(),
                GateSettings.DEFAULTS,
                limits.coolDown(),
                clock);
        guardrails = new Guardrails(
                rollouts,
                agreement,
                facts,
                group -> lag,
                (group, since) -> compared,
                settings,
                observed::add,
                clock,
                () -> passed.toNanos());
        sides.probe()
                .compose(up -> states.look())
                .compose(seen -> agreement.begin())
                .await();
        rollouts.begin().await();
        tick();
    }

    /** Lets one window pass in which each side has answered this many reads in that time, some of them with that code. */
    void window(int legacyReads, int targetReads, int failed, String code) {
        window(legacyReads, targetReads, failed, code, 5, 5);
    }

    void window(int legacyReads, int targetReads, int failed, String code, int legacyMillis, int targetMillis) {
        calls(Side.LEGACY, legacyReads, null, legacyMillis);
        calls(Side.TARGET, targetReads - failed, null, targetMillis);
        calls(Side.TARGET, failed, code, targetMillis);
        pass(Duration.ofSeconds(10));
    }

    /** A window in which all was well. */
    void goodWindow() {
        window(SAMPLES, SAMPLES, 0, "");
    }

    void calls(Side side, int count, @Nullable String code, int millis) {
        for (int i = 0; i < count; i++) {
            guardrails.observe(new CallServed(
                    "notes",
                    Operation.FIND_ONE,
                    side,
                    standing().stage(),
                    "rollout",
                    code,
                    TimeUnit.MILLISECONDS.toNanos(millis)));
        }
    }

    void pass(Duration time) {
        letPass(time);
        tick();
    }

    void letPass(Duration time) {
        passed = passed.plus(time);
        ahead = ahead.plus(time);
    }

    /** Whatever begins now begins by the clock of a database, which knows nothing of the time that was let pass. */
    void beginNow() {
        ahead = Duration.ZERO;
    }

    void behind(@Nullable Duration behind) {
        lag = behind;
    }

    void tick() {
        guardrails.tick().await();
    }

    RepositoryRollout standing() {
        return rollouts.current().of("notes");
    }

    String place() {
        return standing().stage().label() + " " + standing().rollout();
    }

    GroupState state() {
        return rows().holding();
    }

    private BothRows rows() {
        return requireNonNull(agreement.current().get("notes"));
    }

    List<GuardrailBreached> breaches() {
        return observed.stream()
                .filter(GuardrailBreached.class::isInstance)
                .map(GuardrailBreached.class::cast)
                .toList();
    }

    Reading.State reading(Rail rail) {
        return guardrails.readings("notes").stream()
                .filter(reading -> reading.rail() == rail)
                .findFirst()
                .orElseThrow()
                .state();
    }

    Gate gate(String name) {
        return checklist.towards("notes", Set.of("notes"), Stage.ROLLOUT).await().stream()
                .filter(gate -> gate.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @CanIgnoreReturnValue
    GuardRig await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            LockSupport.parkNanos(10_000_000);
        }
        return this;
    }

    @Override
    public void close() {
        agreement.close().await();
        states.close().await();
        shadowing.close().await();
        sides.close().await();
        vertx.close().await();
    }
}
