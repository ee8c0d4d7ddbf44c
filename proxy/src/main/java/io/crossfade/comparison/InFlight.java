package io.crossfade.comparison;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How many comparisons are under way, and what they hold in memory. Threads: any. */
final class InFlight {
    private final int most;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    InFlight(int most) {
        this.most = most;
    }

    /** False where there are as many as there may be. */
    boolean enter() {
        if (running.incrementAndGet() > most) {
            running.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave(long held) {
        running.decrementAndGet();
        bytes.addAndGet(-held);
    }

    void hold(long more) {
        bytes.addAndGet(more);
    }

    int running() {
        return running.get();
    }

    long bytes() {
        return bytes.get();
    }
}
