package io.crossfade.gates;

import io.crossfade.gates.Facts.Known;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.mismatch.MismatchDesk;
import io.crossfade.settings.GateSettings;
import io.crossfade.shadow.Shadowing;
import io.crossfade.shadow.replay.Sequences;
import io.crossfade.shadow.watch.GroupHealth;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupStates;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which gates stand before which stage, and how they are now. No gate is left out because it cannot be looked at: then it
 * is unknown, and as good as red.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class Checklist implements Gates {
    private static final long PATIENCE_SECONDS = 2;
    private static final Duration SEQUENCES_SHOWN_FOR = Duration.ofSeconds(10);

    private final Sides sides;
    private final GroupStates states;
    private final Facts facts;
    private final ShadowGates shadow;
    private final GateSettings settings;
    private final Duration coolDown;
    private final InstantSource clock;
    private final ReconciliationGate reconciliation;
    private final SoakGate soak;
    private final Map<String, Recent<Gate>> sequences = new ConcurrentHashMap<>();

    /** @param coolDown how long after a breach of a guardrail a group is kept back */
    public Checklist(
            Sides sides,
            GroupStates states,
            Shadowing shadowing,
            Facts facts,
            MismatchDesk mismatches,
            GateSettings settings,
            Duration coolDown,
            InstantSource clock) {
        this.sides = sides;
        this.states = states;
        this.facts = facts;
        this.reconciliation = new ReconciliationGate(sides);
        this.soak = new SoakGate(mismatches, settings.soak(), clock);
        this.shadow = new ShadowGates(shadowing, settings, clock);
        this.settings = settings;
        this.coolDown = coolDown;
        this.clock = clock;
    }

    @Override
    public Future<List<Gate>> towards(String group, Set<String> members, Stage next) {
        Future<Gate> sequences = next == Stage.LIVE ? lookAtSequences(group) : Future.succeededFuture();
        Future<Gate> left = next.isBeyond(Stage.SHADOW) ? reconciliation.look(group) : Future.succeededFuture();
        Future<Gate> soaked = asksForSoak(next) ? soak.look(members) : Future.succeededFuture();
        return list(group, members, next, facts.look(), sequences, left, soaked);
    }

    @Override
    public Future<List<Gate>> shown(String group, Set<String> members, Stage next) {
        Future<Gate> known = next == Stage.LIVE
                ? sequences
                        .computeIfAbsent(group, name -> new Recent<>(SEQUENCES_SHOWN_FOR))
                        .get(() -> lookAtSequences(group))
                : Future.succeededFuture();
        Future<Gate> left = next.isBeyond(Stage.SHADOW) ? reconciliation.shown(group) : Future.succeededFuture();
        Future<Gate> soaked = asksForSoak(next) ? soak.shown(group, members) : Future.succeededFuture();
        return list(group, members, next, facts.shown(), known, left, soaked);
    }

    private boolean asksForSoak(Stage next) {
        return next.isBeyond(Stage.ROLLOUT) && !settings.soak().isZero();
    }

    private Future<List<Gate>> list(
            String group,
            Set<String> members,
            Stage next,
            Future<Known> known,
            Future<Gate> sequences,
            Future<Gate> left,
            Future<Gate> soaked) {
        return Future.join(known, sequences, left, soaked).map(looked -> {
            List<Gate> gates = list(group, members, next, known.result(), sequences.result(), soaked.result());
            Gate undecided = left.result();
            if (undecided != null) {
                gates.add(undecided);
            }
            return gates;
        });
    }

    private List<Gate> list(
            String group,
            Set<String> members,
            Stage next,
            Known known,
            @Nullable Gate sequences,
            @Nullable Gate soaked) {
        List<Gate> gates = new ArrayList<>();
        GroupHealth health = shadow.health(group);
        switch (next) {
            case OFF -> {}
            case DUAL_WRITE -> {
                gates.add(FactGates.of(Fact.Kind.SCHEMA, group, members, known, health));
                gates.add(bothSides());
                gates.add(shadow.capture(group));
            }
            case SHADOW -> {
                gates.add(bothSides());
                gates.add(shadow.capture(group));
                gates.add(FactGates.of(Fact.Kind.BACKFILL, group, members, known, health));
            }
            case ROLLOUT -> addRollout(gates, group, members, known, health);
            case LIVE -> {
                gates.add(FactGates.of(Fact.Kind.SCHEMA, group, members, known, health));
                addRollout(gates, group, members, known, health);
                if (soaked != null) {
                    gates.add(soaked);
                }
                if (sequences != null) {
                    gates.add(sequences);
                }
            }
            case COMPLETE -> addSoakOfLive(gates, group, soaked);
        }
        return gates;
    }

    private void addRollout(
            List<Gate> gates, String group, Set<String> members, Known known, @Nullable GroupHealth health) {
        gates.add(bothSides());
        gates.add(shadow.capture(group));
        gates.add(FactGates.of(Fact.Kind.BACKFILL, group, members, known, health));
        gates.add(FactGates.of(Fact.Kind.VERIFY, group, members, known, health));
        gates.add(shadow.deadLetters(group));
        gates.add(shadow.lag(group));
        gates.add(shadow.freshness(group, members));
        gates.add(shadow.bypass(group));
        gates.add(guardrails(group, known));
    }

    private Gate guardrails(String group, Known known) {
        Optional<Fact> breach = known.latest(group, Fact.Kind.GUARDRAIL)
                .filter(fact -> fact.at().toInstant().plus(coolDown).isAfter(clock.instant()));
        return breach.map(fact -> new Gate(
                        "guardrails",
                        Gate.State.RED,
                        "A short while ago this group was stepped back. " + fact.detail() + ". Find out why, and wait "
                                + ShadowGates.words(coolDown) + " (guardrails.coolDown)",
                        fact.at()))
                .orElseGet(() -> Gate.green("guardrails", "No guardrail was broken a short while ago"));
    }

    private Gate bothSides() {
        for (Database database : sides.all()) {
            String problem = sides.problem(database.side());
            if (problem != null) {
                return Gate.red(
                        "sides",
                        "The " + database.side().label() + " database is down: " + problem + "; bring it back first");
            }
        }
        return Gate.green("sides", "Both databases answer");
    }

    /** Completing gives up the way back, so time alone has to pass at least. */
    private void addSoakOfLive(List<Gate> gates, String group, @Nullable Gate soaked) {
        BothRows rows = states.current().get(group);
        OffsetDateTime since = rows == null ? null : rows.holding().changedAt();
        if (!settings.soak().isZero()
                && since != null
                && since.toInstant().plus(settings.soak()).isAfter(clock.instant())) {
            gates.add(new Gate(
                    "soak",
                    Gate.State.RED,
                    "The target has taken the writes for less than " + ShadowGates.words(settings.soak())
                            + " (gates.soak), and from 'complete' legacy takes the writes back only when it has caught up, and never by force; wait",
                    since));
            return;
        }
        if (soaked != null) {
            gates.add(soaked);
        }
    }

    private Future<Gate> lookAtSequences(String group) {
        BothRows rows = states.current().get(group);
        Side authority = rows == null ? Side.LEGACY : rows.holding().authority();
        for (Database database : sides.all()) {
            if (sides.problem(database.side()) != null) {
                return Future.succeededFuture(sequencesUnknown());
            }
        }
        Database from = sides.find(authority).orElseThrow();
        Database to = sides.find(authority.other()).orElseThrow();
        return Sequences.problems(from, to, group)
                .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .map(problems -> problems.isEmpty()
                        ? Gate.green("sequences", "Every sequence can be set past the values that were given out")
                        : Gate.red("sequences", String.join("; ", problems) + "; make them alike on both sides"))
                .otherwise(error -> sequencesUnknown());
    }

    private static Gate sequencesUnknown() {
        return Gate.unknown("sequences", "The sequences cannot be looked at; see to it that both databases answer");
    }
}
