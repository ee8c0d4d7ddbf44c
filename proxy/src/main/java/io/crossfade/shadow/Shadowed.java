package io.crossfade.shadow;

import io.crossfade.migration.Side;
import io.crossfade.shadow.replay.Progress;
import io.crossfade.shadow.replay.Replayer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Set;

/**
 * A group that is replayed now.
 *
 * @param name under which it was installed
 * @param authority the side that it is replayed from, to the other
 * @param members its repositories
 */
record Shadowed(String name, Side authority, Set<String> members, Replayer replayer, SequenceStep sequences) {
    Shadowed {
        members = Set.copyOf(members);
    }

    boolean is(Side from, Set<String> repositories) {
        return authority == from && members.equals(repositories);
    }

    Progress progress() {
        return replayer.progress(name);
    }

    Future<Void> caughtUp() {
        return replayer.caughtUp(name);
    }

    Future<Void> caughtUp(Duration patience) {
        return replayer.caughtUp(name, patience);
    }

    void nudge() {
        replayer.nudge(name);
    }

    /** Completes when neither a row nor a sequence of it is touched from here any more. */
    Future<Void> stop() {
        return sequences.stop().compose(still -> replayer.remove(name));
    }
}
