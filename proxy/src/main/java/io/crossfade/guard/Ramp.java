package io.crossfade.guard;

import io.crossfade.gates.Fact;
import io.crossfade.gates.Facts;
import io.crossfade.guard.RolloutGuard.NextStep;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Change;
import io.crossfade.rollout.ChangeResult;
import io.crossfade.rollout.ChangeResult.Changed;
import io.crossfade.rollout.ChangeResult.Refused;
import io.crossfade.rollout.Rollouts;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.settings.RampSettings;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import io.crossfade.state.GroupStates;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Takes a rollout forward, one step after the other. That it does is a fact which names the epoch that it holds in: it
 * survives a restart, every proxy knows it, and every change by anybody else ends it, because it makes another epoch.
 *
 * <p>Two proxies may take the same step at once; one of them finds that the epoch has moved on. One that dies between the
 * step and the fact leaves a state of the next epoch that Crossfade has made itself, which is the ramp's own.
 *
 * <p>Threads: any.
 */
final class Ramp {
    private final Rollouts rollouts;
    private final GroupStates states;
    private final Facts facts;
    private final RampSettings settings;
    private final InstantSource clock;

    Ramp(Rollouts rollouts, GroupStates states, Facts facts, RampSettings settings, InstantSource clock) {
        this.rollouts = rollouts;
        this.states = states;
        this.facts = facts;
        this.settings = settings;
        this.clock = clock;
    }

    Future<ChangeResult> start(String repository, OptionalLong expectedEpoch, By by) {
        RepositoryRollout before = rollouts.current().of(repository);
        OptionalLong basis = OptionalLong.of(
                expectedEpoch.isPresent()
                        ? expectedEpoch.getAsLong()
                        : rollouts.current().epoch());
        if (before.stage() != Stage.SHADOW && before.stage() != Stage.ROLLOUT) {
            return Future.succeededFuture(
                    new Refused("a rollout goes forward by itself from stage 'shadow' or 'rollout'," + " and '"
                            + repository + "' is in '" + before.stage().label() + "'"));
        }
        double share = Math.max(before.rollout(), settings.steps().get(0));
        By starter = by.reason().isEmpty() ? new By(by.operator(), "auto-ramp", false) : by;
        return rollouts.change(repository, Change.toRollout(share), basis, starter)
                .compose(result -> result instanceof Changed changed
                        ? note(before.group(), changed.moved(), before.epoch() + 1, by.operator())
                                .<ChangeResult>map(result)
                                .otherwise(error -> new Refused("the share is " + share
                                        + " % now, but that it is to go forward by itself could not be written down on both"
                                        + " sides; look at both databases, then repeat it"))
                        : Future.succeededFuture(result));
    }

    /** The next step, where the rollout goes forward by itself. */
    Future<Optional<NextStep>> next(String repository) {
        String group = rollouts.current().of(repository).group();
        return facts.latest(group, Fact.Kind.RAMP).map(fact -> next(group, fact));
    }

    private Optional<NextStep> next(String group, Optional<Fact> fact) {
        BothRows rows = states.current().get(group);
        if (rows == null || fact.isEmpty()) {
            return Optional.empty();
        }
        GroupState now = rows.holding();
        OffsetDateTime since = now.changedAt();
        if (now.stage() != Stage.ROLLOUT || now.isMoving() || since == null || !isOwn(fact.get(), now)) {
            return Optional.empty();
        }
        return settings.after(now.rollout())
                .map(share -> new NextStep(share, since.toInstant().plus(settings.soak())));
    }

    private static boolean isOwn(Fact fact, GroupState now) {
        return fact.ok()
                && (now.epoch() == fact.generation()
                        || (now.epoch() == fact.generation() + 1
                                && now.changedBy().equals(By.itself("").operator())));
    }

    /** To be called when everything was just seen to be good; takes the next step if it is time. */
    Future<Void> step(String repository) {
        long epoch = rollouts.current().epoch();
        RepositoryRollout before = rollouts.current().of(repository);
        return next(repository).compose(next -> {
            if (next.isEmpty() || clock.instant().isBefore(next.get().notBefore())) {
                return Future.succeededFuture();
            }
            String reason = "auto-ramp: from " + before.rollout() + " % to "
                    + next.get().share() + " %, every guardrail good";
            return rollouts.change(
                            repository, Change.toRollout(next.get().share()), OptionalLong.of(epoch), By.itself(reason))
                    .compose(result -> result instanceof Changed changed
                            ? note(
                                    before.group(),
                                    changed.moved(),
                                    before.epoch() + 1,
                                    By.itself("").operator())
                            : Future.succeededFuture());
        });
    }

    private Future<Void> note(String group, Set<String> members, long epoch, String operator) {
        OffsetDateTime at = clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
        return facts.record(new Fact(group, Fact.Kind.RAMP, members, epoch, true, at, "taken forward by " + operator));
    }
}
