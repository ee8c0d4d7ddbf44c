package io.crossfade.agreement;

import io.crossfade.call.Operation;
import io.crossfade.migration.Stage;
import io.crossfade.state.GroupState;
import java.util.Map;

/**
 * Where a group is to stand after its authority has moved.
 *
 * @param stage whose authority is the side that it moves to
 * @param rollout the share of reads, in stage {@code rollout}
 */
public record Destination(Stage stage, double rollout, Map<Operation, Double> rolloutByOperation) {
    public Destination {
        rolloutByOperation = Map.copyOf(rolloutByOperation);
    }

    /** A stage in which there is no share. */
    public static Destination of(Stage stage) {
        return new Destination(stage, 0, Map.of());
    }

    /** Where the group stands now. */
    public static Destination of(GroupState standing) {
        return new Destination(standing.stage(), standing.rollout(), standing.rolloutByOperation());
    }

    GroupState after(GroupState leaving, String operator, String why) {
        return leaving.changedTo(stage, rollout, rolloutByOperation, operator, why);
    }
}
