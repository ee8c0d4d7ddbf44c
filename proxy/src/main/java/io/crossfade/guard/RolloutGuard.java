package io.crossfade.guard;

import io.crossfade.rollout.By;
import io.crossfade.rollout.ChangeResult;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What an operator can see of the guardrails, and ask of the ramp. Threads: any; nothing blocks. */
public interface RolloutGuard {
    /** Nothing is guarded. */
    RolloutGuard NONE = new RolloutGuard() {
        @Override
        public List<Reading> readings(String group) {
            return List.of();
        }

        @Override
        public Future<Optional<NextStep>> ramp(String repository) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<ChangeResult> startRamp(String repository, OptionalLong expectedEpoch, By by) {
            return Future.succeededFuture(new ChangeResult.Refused("no rollout goes forward by itself here"));
        }
    };

    /** What each guardrail of a group last said on this instance; none outside of the stages that are guarded. */
    List<Reading> readings(String group);

    /** The next step of a rollout that goes forward by itself; empty where it does not. */
    Future<Optional<NextStep>> ramp(String repository);

    /** Has a rollout go forward by itself from its present share on; every other change of the group ends that. */
    Future<ChangeResult> startRamp(String repository, OptionalLong expectedEpoch, By by);

    /** A share, and the moment before which it is not taken. */
    record NextStep(double share, Instant notBefore) {}
}
