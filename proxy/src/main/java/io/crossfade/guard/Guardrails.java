package io.crossfade.guard;

import io.crossfade.gates.Fact;
import io.crossfade.gates.Facts;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.GuardrailBreached;
import io.crossfade.observation.Observation.GuardrailBreached.Action;
import io.crossfade.observation.Observation.GuardrailJudged;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Change;
import io.crossfade.rollout.ChangeResult;
import io.crossfade.rollout.ChangeResult.Changed;
import io.crossfade.rollout.ChangeResult.Stale;
import io.crossfade.rollout.Rollouts;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.RouteTable;
import io.crossfade.settings.GuardrailSettings;
import io.crossfade.settings.Settings;
import io.crossfade.state.GroupStates;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches the groups in which the target answers. A broken limit steps a rollout back to stage shadow; once the target takes
 * the writes it only raises an alarm, because moving them is for a human to decide.
 *
 * <p>Every instance judges by its own calls and needs nobody else for it; the change is made on the epoch that it judged,
 * so that two who find the same step back once. Memory is some kilobytes a group.
 *
 * <p>Threads: calls are observed on any, without a lock; {@link #tick} runs one at a time.
 */
public final class Guardrails implements Observer, RolloutGuard {
    private static final int MOST_TRIES = 3;

    private final Rollouts rollouts;
    private final Facts facts;
    private final Function<String, @Nullable Duration> lag;
    private final Mismatches mismatches;
    private final GuardrailSettings settings;
    private final Ramp ramp;
    private final Observer observer;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Map<String, GroupWatch> watches = new ConcurrentHashMap<>();
    private final Map<String, Instant> alarmed = new ConcurrentHashMap<>();
    private Future<Void> ticking = Future.succeededFuture();

    /** @param lag how far the shadow of a group is behind, or null where nobody knows */
    public Guardrails(
            Rollouts rollouts,
            GroupStates states,
            Facts facts,
            Function<String, @Nullable Duration> lag,
            Mismatches mismatches,
            Settings settings,
            Observer observer,
            InstantSource clock,
            LongSupplier nanos) {
        this.rollouts = rollouts;
        this.facts = facts;
        this.lag = lag;
        this.mismatches = mismatches;
        this.settings = settings.guardrails();
        this.ramp = new Ramp(rollouts, states, facts, settings.ramp(), clock);
        this.observer = observer;
        this.clock = clock;
        this.nanos = nanos;
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof CallServed served && served.side() != null && isGuarded(served.stage())) {
            GroupWatch watch =
                    watches.get(rollouts.current().of(served.repository()).group());
            if (watch != null) {
                watch.add(served.side(), served);
            }
        }
    }

    /** Judges every group, and acts; to be called once a window. One that is under way is not doubled. */
    public synchronized Future<Void> tick() {
        if (!ticking.isComplete()) {
            return ticking;
        }
        RouteTable table = rollouts.current();
        Map<String, String> groups = new TreeMap<>();
        table.repositories().forEach((name, rollout) -> {
            if (isGuarded(rollout.stage()) && !rollout.onItsWay()) {
                groups.putIfAbsent(rollout.group(), name);
            }
        });
        watches.keySet().retainAll(groups.keySet());
        alarmed.keySet().retainAll(groups.keySet());
        List<Future<Void>> acts = new ArrayList<>();
        groups.forEach((group, repository) -> acts.add(judge(group, repository, table)));
        ticking = Future.join(acts).mapEmpty();
        return ticking;
    }

    private Future<Void> judge(String group, String repository, RouteTable table) {
        long now = nanos.getAsLong();
        Stage stage = table.of(repository).stage();
        GroupWatch watch = watches.compute(
                group,
                (name, before) ->
                        before != null && before.stage() == stage ? before : new GroupWatch(stage, settings, now));
        boolean good = watch.judge(now, lag.apply(group), since -> mismatches.since(group, since));
        watch.readings()
                .forEach(reading -> observer.observe(new GuardrailJudged(
                        group, reading.rail().label(), reading.state().label())));
        Optional<Reading> breach = watch.breach();
        if (breach.isPresent()) {
            return stage == Stage.ROLLOUT
                    ? stepBack(group, repository, breach.get(), table, 1)
                    : alarm(group, breach.get(), Action.ALARM);
        }
        return good && stage == Stage.ROLLOUT ? ramp.step(repository) : Future.succeededFuture();
    }

    private Future<Void> stepBack(String group, String repository, Reading breach, RouteTable table, int tries) {
        String reason = "guardrail " + breach.rail().label() + ": " + breach.words();
        return rollouts.change(
                        repository, Change.toStage(Stage.SHADOW), OptionalLong.of(table.epoch()), By.itself(reason))
                .compose(result -> {
                    if (result instanceof Changed changed) {
                        observer.observe(new GuardrailBreached(
                                group, breach.rail().label(), breach.words(), Action.STEPPED_BACK));
                        watches.remove(group);
                        return note(group, changed.moved(), table.of(repository), reason);
                    }
                    RouteTable now = rollouts.current();
                    // Somebody changed something, and perhaps something else.
                    return result instanceof Stale
                                    && tries < MOST_TRIES
                                    && now.of(repository).stage() == Stage.ROLLOUT
                            ? stepBack(group, repository, breach, now, tries + 1)
                            : now.of(repository).stage() == Stage.ROLLOUT
                                    ? alarm(group, breach, Action.FAILED)
                                    : Future.succeededFuture();
                });
    }

    /** Keeps the way forward shut for a while, on every proxy. The step back stands without it. */
    private Future<Void> note(String group, Set<String> members, RepositoryRollout before, String reason) {
        return facts.record(new Fact(
                        group,
                        Fact.Kind.GUARDRAIL,
                        members,
                        before.epoch(),
                        false,
                        clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC),
                        reason))
                .otherwiseEmpty();
    }

    /** Once in a while; what goes on for hours is not worth a message every few seconds. */
    private Future<Void> alarm(String group, Reading breach, Action action) {
        Instant now = clock.instant();
        Instant before = alarmed.get(group);
        if (before == null || !now.isBefore(before.plus(settings.coolDown()))) {
            alarmed.put(group, now);
            observer.observe(new GuardrailBreached(group, breach.rail().label(), breach.words(), action));
        }
        return Future.succeededFuture();
    }

    @Override
    public List<Reading> readings(String group) {
        GroupWatch watch = watches.get(group);
        return watch == null ? List.of() : watch.readings();
    }

    @Override
    public Future<Optional<NextStep>> ramp(String repository) {
        return rollouts.current().of(repository).stage() == Stage.ROLLOUT
                ? ramp.next(repository)
                : Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<ChangeResult> startRamp(String repository, OptionalLong expectedEpoch, By by) {
        return ramp.start(repository, expectedEpoch, by);
    }

    /** The stages in which the target answers and the shadow is still needed. */
    private static boolean isGuarded(@Nullable Stage stage) {
        return stage == Stage.ROLLOUT || stage == Stage.LIVE;
    }
}
