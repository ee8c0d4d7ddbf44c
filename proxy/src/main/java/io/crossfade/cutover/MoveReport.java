package io.crossfade.cutover;

import io.crossfade.state.GroupState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of moving an authority.
 *
 * @param state what holds now, as far as it is known
 * @param moved whether the authority is where it was to go
 * @param problem why it is not; a sentence for the operator, or null
 * @param holdNanos how long writes of this instance waited
 * @param stepNanos how long each step took, in order
 */
public record MoveReport(
        GroupState state, boolean moved, @Nullable String problem, long holdNanos, Map<String, Long> stepNanos) {
    public MoveReport {
        stepNanos = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(stepNanos));
    }
}
