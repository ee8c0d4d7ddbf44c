package io.crossfade.rollout;

import io.crossfade.routing.RouteTable;
import java.util.Set;

/** What came of a {@link Change}. Whatever it is not {@link Changed}, nothing was changed. */
public sealed interface ChangeResult {
    /**
     * It holds from now on, for every call that is routed after this.
     *
     * @param table what holds now
     * @param moved the repository and all others of its group
     */
    record Changed(RouteTable table, Set<String> moved) implements ChangeResult {
        public Changed {
            moved = Set.copyOf(moved);
        }
    }

    /** Another operator was faster. */
    record Stale(long expectedEpoch, long currentEpoch) implements ChangeResult {}

    /** No database and no configuration names this repository. */
    record UnknownRepository(String repository) implements ChangeResult {}

    /** The rules do not allow it; the reason is a sentence for the operator. */
    record Refused(String reason) implements ChangeResult {}
}
