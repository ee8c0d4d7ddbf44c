package io.crossfade.work;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Long work as far as it has come; immutable.
 *
 * @param id under which it is asked for
 * @param kind {@code cutover}, {@code rollback}, {@code rehearse} and the like
 * @param groups which it is about
 * @param startedBy the operator's name
 * @param steps those that were begun, in their order
 * @param outcome one sentence about what came of it; null while it runs
 * @param report numbers about it, by name; what they are depends on the kind
 */
public record Work(
        String id,
        String kind,
        Set<String> groups,
        String startedBy,
        Instant startedAt,
        WorkState state,
        List<Step> steps,
        @Nullable String outcome,
        Map<String, Object> report) {
    public Work {
        groups = Set.copyOf(groups);
        steps = List.copyOf(steps);
        report = Map.copyOf(report);
    }
}
