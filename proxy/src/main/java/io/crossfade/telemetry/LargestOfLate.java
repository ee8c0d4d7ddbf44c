package io.crossfade.telemetry;

import java.util.function.LongSupplier;

/** The largest of what was seen in the last 15 to 30 seconds, so that no scrape misses a short stall. Threads: any. */
final class LargestOfLate {
    private static final long HALF_NANOS = 15_000_000_000L;

    private final LongSupplier clock;
    private long since;
    private long before;
    private long now;

    LargestOfLate(LongSupplier clock) {
        this.clock = clock;
        this.since = clock.getAsLong();
    }

    synchronized void saw(long nanos) {
        turn();
        now = Math.max(now, nanos);
    }

    synchronized long nanos() {
        turn();
        return Math.max(before, now);
    }

    private void turn() {
        long age = clock.getAsLong() - since;
        if (age >= HALF_NANOS) {
            before = age < 2 * HALF_NANOS ? now : 0;
            now = 0;
            since = clock.getAsLong();
        }
    }
}
