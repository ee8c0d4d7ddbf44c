package io.crossfade.observation;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts events of the last 60 seconds, a slot a second. A slot holds the second it belongs to in its upper half and the
 * count in its lower half, so that one compare-and-set both counts and clears what is a minute old.
 */
final class SlidingCount {
    private static final int SECONDS = 60;
    private static final long COUNT_MASK = 0xFFFF_FFFFL;

    private final AtomicLongArray slots = new AtomicLongArray(SECONDS);

    void count(long second) {
        int slot = (int) (second % SECONDS);
        while (true) {
            long old = slots.get(slot);
            long next = old >>> 32 == second ? old + 1 : second << 32 | 1;
            if (slots.compareAndSet(slot, old, next)) {
                return;
            }
        }
    }

    long total(long now) {
        long total = 0;
        for (int slot = 0; slot < SECONDS; slot++) {
            long value = slots.get(slot);
            long second = value >>> 32;
            if (second > now - SECONDS && second <= now) {
                total += value & COUNT_MASK;
            }
        }
        return total;
    }
}
