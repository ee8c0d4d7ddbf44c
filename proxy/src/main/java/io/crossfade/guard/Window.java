package io.crossfade.guard;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.CallServed;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was seen of a group's calls on each side since a moment. Threads: any, without a lock; a call that ends in the moment
 * in which the window is judged counts for one of the two windows, or for neither.
 */
final class Window {
    private final long beganNanos;
    private final Seen legacy = new Seen();
    private final Seen target = new Seen();

    Window(long beganNanos) {
        this.beganNanos = beganNanos;
    }

    void add(Side side, CallServed served) {
        Seen seen = of(side);
        seen.calls.increment();
        if (Blame.isOnSide(served.code())) {
            seen.errors.increment();
        } else if (served.operation().isRead() && served.code() == null) {
            // Writes go to one side alone and wait for the other one, so that only reads can be compared.
            seen.reads.add(served.nanos());
        }
    }

    long age(long nanos) {
        return nanos - beganNanos;
    }

    Seen of(Side side) {
        return side == Side.LEGACY ? legacy : target;
    }

    /** What one side did. */
    static final class Seen {
        private final LongAdder calls = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private final Times reads = new Times();

        long calls() {
            return calls.sum();
        }

        /** In percent of its calls. */
        double errorRate() {
            long all = calls();
            return all == 0 ? 0 : 100.0 * errors.sum() / all;
        }

        Times reads() {
            return reads;
        }
    }
}
