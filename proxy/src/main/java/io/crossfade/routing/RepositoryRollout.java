package io.crossfade.routing;

import io.crossfade.call.Operation;
import io.crossfade.migration.Stage;
import io.crossfade.settings.FreshnessSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where one repository stands.
 *
 * @param group part of the hash that spreads routing keys, so that repositories which move together agree about a key
 * @param stickyBy columns whose value is the routing key, most preferred first
 * @param rollout the share of reads that the target answers in stage {@code rollout}, 0.00 to 100.00
 * @param rolloutByOperation shares that replace {@code rollout} for single operations
 * @param freshness what a read of the shadow may miss, and what a write waits for
 * @param epoch that of the state it stands in; grows with every change of its group
 * @param shadowReadableFrom by {@link System#nanoTime}, the moment of the authority from which on a state of the shadow may
 *     answer reads: by then every proxy knows that writes have to wait for it; null where that was never in doubt
 * @param onItsWay whether the authority of its group is moving, so that writes have to wait
 */
public record RepositoryRollout(
        String group,
        List<String> stickyBy,
        Stage stage,
        double rollout,
        Map<Operation, Double> rolloutByOperation,
        FreshnessSettings freshness,
        long epoch,
        boolean onItsWay,
        @Nullable Long shadowReadableFrom) {
    public RepositoryRollout {
        stickyBy = List.copyOf(stickyBy);
        rolloutByOperation = Map.copyOf(rolloutByOperation);
        requirePercentage(rollout);
        rolloutByOperation.values().forEach(RepositoryRollout::requirePercentage);
    }

    /** One with the usual freshness. */
    public RepositoryRollout(
            String group,
            List<String> stickyBy,
            Stage stage,
            double rollout,
            Map<Operation, Double> rolloutByOperation) {
        this(group, stickyBy, stage, rollout, rolloutByOperation, FreshnessSettings.DEFAULTS);
    }

    /** One that was never moved. */
    public RepositoryRollout(
            String group,
            List<String> stickyBy,
            Stage stage,
            double rollout,
            Map<Operation, Double> rolloutByOperation,
            FreshnessSettings freshness) {
        this(group, stickyBy, stage, rollout, rolloutByOperation, freshness, 0, false, null);
    }

    /** Whether the answer to a write waits until the shadow has the write. */
    public boolean acknowledgedByBoth() {
        return freshness.waitsIn(stage);
    }

    /** The share that holds for this operation. */
    public double rolloutOf(Operation operation) {
        return rolloutByOperation.getOrDefault(operation, rollout);
    }

    /** The same, in another group. */
    public RepositoryRollout inGroup(String group) {
        return new RepositoryRollout(
                group, stickyBy, stage, rollout, rolloutByOperation, freshness, epoch, onItsWay, shadowReadableFrom);
    }

    /** The same, in the state of another epoch. */
    public RepositoryRollout standing(long epoch, boolean onItsWay) {
        return new RepositoryRollout(
                group, stickyBy, stage, rollout, rolloutByOperation, freshness, epoch, onItsWay, shadowReadableFrom);
    }

    /** The same, whose shadow may answer reads from a moment on. */
    public RepositoryRollout readableFrom(@Nullable Long nanos) {
        return new RepositoryRollout(
                group, stickyBy, stage, rollout, rolloutByOperation, freshness, epoch, onItsWay, nanos);
    }

    /** The same, moved to another stage and share. */
    public RepositoryRollout movedTo(Stage stage, double rollout, Map<Operation, Double> rolloutByOperation) {
        return new RepositoryRollout(
                group, stickyBy, stage, rollout, rolloutByOperation, freshness, epoch, onItsWay, shadowReadableFrom);
    }

    private static void requirePercentage(double rollout) {
        if (!(rollout >= 0 && rollout <= 100)) {
            throw new IllegalArgumentException("a rollout is a share from 0 to 100 %, not " + rollout);
        }
    }
}
