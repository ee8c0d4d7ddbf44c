package io.crossfade.settings;

import io.crossfade.call.Operation;
import io.crossfade.migration.Stage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a repository starts, and how it is routed.
 *
 * @param group repositories of one group move together; null for a group of its own
 * @param stickyBy columns whose value makes a rollout sticky, most preferred first
 * @param stage where it starts
 * @param rollout the share of reads that the target answers in stage {@code rollout}, 0.00 to 100.00
 * @param rolloutByOperation shares that replace {@code rollout} for single operations
 * @param freshness what a read of the shadow may miss, and what a write waits for
 * @param compare how its reads are compared
 * @param functions functions that go where it goes, because they read or write it
 */
public record RepositorySettings(
        @Nullable String group,
        List<String> stickyBy,
        Stage stage,
        double rollout,
        Map<Operation, Double> rolloutByOperation,
        FreshnessSettings freshness,
        CompareSettings compare,
        List<String> functions) {
    /** What holds for a repository that the configuration does not name. */
    public static final RepositorySettings DEFAULTS =
            new RepositorySettings(null, List.of("phone", "client_phone", "user_id"), Stage.OFF, 0, Map.of());

    public RepositorySettings {
        stickyBy = List.copyOf(stickyBy);
        rolloutByOperation = Map.copyOf(rolloutByOperation);
        functions = List.copyOf(functions);
    }

    /** One that is compared as usual. */
    public RepositorySettings(
            @Nullable String group,
            List<String> stickyBy,
            Stage stage,
            double rollout,
            Map<Operation, Double> rolloutByOperation,
            FreshnessSettings freshness) {
        this(group, stickyBy, stage, rollout, rolloutByOperation, freshness, CompareSettings.DEFAULTS, List.of());
    }

    /** One with the usual freshness. */
    public RepositorySettings(
            @Nullable String group,
            List<String> stickyBy,
            Stage stage,
            double rollout,
            Map<Operation, Double> rolloutByOperation) {
        this(group, stickyBy, stage, rollout, rolloutByOperation, FreshnessSettings.DEFAULTS);
    }

    /** The same with another freshness. */
    public RepositorySettings with(FreshnessSettings other) {
        return new RepositorySettings(group, stickyBy, stage, rollout, rolloutByOperation, other, compare, functions);
    }

    /** The same, compared in another way. */
    public RepositorySettings with(CompareSettings other) {
        return new RepositorySettings(group, stickyBy, stage, rollout, rolloutByOperation, freshness, other, functions);
    }

    /** The same, with functions that go where it goes. */
    public RepositorySettings with(List<String> names) {
        return new RepositorySettings(group, stickyBy, stage, rollout, rolloutByOperation, freshness, compare, names);
    }
}
