package io.crossfade;

import io.crossfade.gates.Checklist;
import io.crossfade.gates.EqualSides;
import io.crossfade.gates.Facts;
import io.crossfade.gates.Gates;
import io.crossfade.guard.Guardrails;
import io.crossfade.guard.Mismatches;
import io.crossfade.guard.Mismatches.Compared;
import io.crossfade.guard.RolloutGuard;
import io.crossfade.mismatch.ComparedCount;
import io.crossfade.mismatch.MismatchDesk;
import io.crossfade.mismatch.MismatchStore;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.Shadowing;
import io.crossfade.sides.Sides;
import io.crossfade.state.GroupStates;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What holds groups back and brings them forward, put together for one proxy. With one database it is nothing. */
final class Forward {
    private final Settings settings;
    private final Sides sides;
    private final GroupStates states;
    private final Shadowing shadowing;
    private final Facts facts;

    private final @Nullable MismatchStore mismatches;

    /** @param mismatches null where there is nothing to compare with */
    Forward(
            Settings settings,
            Sides sides,
            GroupStates states,
            Shadowing shadowing,
            @Nullable MismatchStore mismatches) {
        this.settings = settings;
        this.sides = sides;
        this.states = states;
        this.shadowing = shadowing;
        this.mismatches = mismatches;
        this.facts = new Facts(sides);
    }

    Gates gates() {
        return settings.target() == null
                ? Gates.NONE
                : new Checklist(
                        sides,
                        states,
                        shadowing,
                        facts,
                        desk(),
                        settings.gates(),
                        settings.guardrails().coolDown(),
                        InstantSource.system());
    }

    Guardrails guardrails(Rollouts rollouts, Observer observer) {
        return new Guardrails(
                rollouts,
                states,
                facts,
                shadowing::lag,
                comparedOf(rollouts),
                settings,
                observer,
                InstantSource.system(),
                System::nanoTime);
    }

    /** Where what differs is looked at. */
    MismatchDesk desk() {
        return mismatches == null ? MismatchDesk.empty() : mismatches.desk();
    }

    /** Of all proxies together, so that one which was just started knows what the others have seen. */
    private Mismatches comparedOf(Rollouts rollouts) {
        MismatchStore store = mismatches;
        return store == null
                ? Mismatches.NONE
                : (group, sinceNanos) -> {
                    Instant since = Instant.now().minusNanos(System.nanoTime() - sinceNanos);
                    ComparedCount count = store.since(members(rollouts, group), since);
                    return Optional.of(new Compared(count.reads(), count.confirmed()));
                };
    }

    private static Set<String> members(Rollouts rollouts, String group) {
        return rollouts.current().repositories().entrySet().stream()
                .filter(member -> member.getValue().group().equals(group))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** What an operator may ask of them. */
    RolloutGuard asked(Guardrails guardrails) {
        return settings.target() == null ? RolloutGuard.NONE : guardrails;
    }

    /** Notes down that both sides were found equal, where there are two. */
    Future<Void> noteEqualSides() {
        return settings.target() == null
                ? Future.succeededFuture()
                : EqualSides.note(sides, facts, InstantSource.system());
    }
}
