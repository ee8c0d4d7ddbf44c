package io.crossfade.state;

import io.vertx.core.Future;
import java.util.Map;

/**
 * Where it is kept how each group stands, and the only way to change it. Threads: any; nothing blocks.
 */
public interface GroupStates {
    /** What is known of every group, by name; one read of memory. */
    Map<String, BothRows> current();

    /** Has {@code listener} run after every change of what is known. */
    void onChange(Runnable listener);

    /**
     * Decides about a group.
     *
     * @param from what the decision is based on; it is refused where anything was decided since
     * @param next the state after it
     * @return completes when the decision is in force on this instance; false where somebody else was faster; fails with a
     *     sentence for the operator where it cannot be made
     */
    Future<Boolean> decide(BothRows from, GroupState next);
}
