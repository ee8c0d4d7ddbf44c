package io.crossfade.shadow.replay;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How often something may be asked that is worth little when it is asked again: not within a second, and never so often that
 * the asking takes more than a twentieth of the time.
 *
 * <p>Threads: one at a time.
 */
final class Pauses<K> {
    private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int TIMES_AS_LONG = 20;

    private final LongSupplier nanos;
    private final Map<K, Long> ends = new HashMap<>();

    Pauses(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether it is not its pause now. */
    boolean areOver(K what) {
        long now = nanos.getAsLong();
        ends.values().removeIf(end -> now - end >= 0);
        return !ends.containsKey(what);
    }

    /** It was asked from then until now. */
    void begin(K what, long since) {
        long now = nanos.getAsLong();
        ends.put(what, now + Math.max(SHORTEST_NANOS, TIMES_AS_LONG * (now - since)));
    }

    long now() {
        return nanos.getAsLong();
    }
}
