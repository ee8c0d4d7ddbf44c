package io.crossfade;

import io.crossfade.gates.Checklist;
import io.crossfade.gates.EqualSides;
import io.crossfade.gates.Facts;
import io.crossfade.gates.Gates;
import io.crossfade.guard.Guardrails;
import io.crossfade.guard.Mismatches;
import io.crossfade.guard.RolloutGuard;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.Shadowing;
import io.crossfade.sides.Sides;
import io.crossfade.state.GroupStates;
import io.vertx.core.Future;
import java.time.InstantSource;

/** What holds groups back and brings them forward, put together for one proxy. With one database it is nothing. */
final class Forward {
    private final Settings settings;
    private final Sides sides;
    private final GroupStates states;
    private final Shadowing shadowing;
    private final Facts facts;

    Forward(Settings settings, Sides sides, GroupStates states, Shadowing shadowing) {
        this.settings = settings;
        this.sides = sides;
        this.states = states;
        this.shadowing = shadowing;
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
                Mismatches.NONE,
                settings,
                observer,
                InstantSource.system(),
                System::nanoTime);
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
