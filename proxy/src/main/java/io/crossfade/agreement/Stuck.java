package io.crossfade.agreement;

import io.crossfade.state.GroupState;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Since when this instance has seen the authority of a group on its way, by its own clock: nobody has to agree about the
 * time, because bringing a move to its end is right at any moment.
 *
 * <p>Threads: any.
 */
final class Stuck {
    private final Vertx vertx;
    private final Duration after;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    Stuck(Vertx vertx, Duration after) {
        this.vertx = vertx;
        this.after = after;
    }

    /**
     * Whether this very move has been seen for too long.
     *
     * @param then what to do when it will have been
     */
    boolean isStuck(GroupState leaving, Runnable then) {
        Seen first = seen.compute(leaving.group(), (group, before) -> {
            if (before != null && before.epoch() == leaving.epoch()) {
                return before;
            }
            var unused = vertx.setTimer(after.toMillis() + 1, later -> then.run());
            return new Seen(leaving.epoch(), System.nanoTime());
        });
        return System.nanoTime() - first.sinceNanos() >= after.toNanos();
    }

    /** It is settled. */
    void forget(String group) {
        seen.remove(group);
    }

    private record Seen(long epoch, long sinceNanos) {}
}
