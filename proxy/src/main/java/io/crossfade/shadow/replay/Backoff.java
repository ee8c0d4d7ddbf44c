package io.crossfade.shadow.replay;

import java.time.Duration;

/** A rest after each failure, longer each time until something goes well. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Duration next = FIRST;
    private long restUntil = System.nanoTime();

    void wentWell() {
        next = FIRST;
    }

    /** Begins a rest. */
    void failed() {
        restUntil = System.nanoTime() + next.toNanos();
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    }

    boolean isOver() {
        return nanosLeft() <= 0;
    }

    long nanosLeft() {
        return restUntil - System.nanoTime();
    }
}
