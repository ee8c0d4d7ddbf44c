package io.crossfade.rollout;

import io.crossfade.call.Operation;
import io.crossfade.migration.Stage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants of a repository.
 *
 * @param stage where it is to stand, or null to leave it where it is
 * @param rollout the share of all reads that the target is to answer, which also ends every share of a single operation;
 *     or null
 * @param rolloutByOperation shares for single operations; operations that are not named keep theirs
 */
public record Change(@Nullable Stage stage, @Nullable Double rollout, Map<Operation, Double> rolloutByOperation) {
    public Change {
        rolloutByOperation = Map.copyOf(rolloutByOperation);
        if (stage == null && rollout == null && rolloutByOperation.isEmpty()) {
            throw new IllegalArgumentException("a change names a stage, a rollout, or both");
        }
        if (rollout != null) {
            requireShare(rollout);
        }
        rolloutByOperation.forEach(Change::requireReadShare);
    }

    /** A move to another stage. */
    public static Change toStage(Stage stage) {
        return new Change(stage, null, Map.of());
    }

    /** A move to stage {@code rollout}, or a change of the share within it. */
    public static Change toRollout(double rollout) {
        return new Change(Stage.ROLLOUT, rollout, Map.of());
    }

    /** Whether it says anything about who answers how many reads. */
    boolean namesShare() {
        return rollout != null || !rolloutByOperation.isEmpty();
    }

    private static void requireReadShare(Operation operation, double share) {
        if (!operation.isRead()) {
            throw new IllegalArgumentException(
                    "only reads have a rollout, and '" + operation.label() + "' is not a read");
        }
        requireShare(share);
    }

    private static void requireShare(double share) {
        // There are 10,000 buckets: a third decimal would be a promise that nobody keeps.
        if (!(share >= 0 && share <= 100) || Math.round(share * 100) / 100.0 != share) {
            throw new IllegalArgumentException(
                    "a rollout is a share from 0 to 100 % with at most two decimals, not " + share);
        }
    }
}
