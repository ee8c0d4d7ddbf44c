package io.crossfade.cutover;

import io.crossfade.migration.Side;
import io.vertx.core.Future;
import java.util.Set;

/** What replay has to do for a group, by what was decided about it. */
public interface Replication {
    /**
     * Replays the group from this side to the other, from now on; nothing where it does so already.
     *
     * @return completes when no replay of the group in the other direction is under way here
     */
    Future<Void> follow(String group, Set<String> members, Side from);

    /** Does not replay the group any more. */
    Future<Void> stop(String group);

    /**
     * Completes when everything that had committed on {@code from} before this call is on the other side; fails where a row
     * is a dead letter. The caller sets the limit of time.
     */
    Future<Void> drained(String group, Side from);
}
