package io.crossfade.comparison;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The answers that a side owes, so that it can be named where everybody waits for it.
 *
 * <p>Threads: any. Racing answers may leave the older sign of life, which changes nothing.
 */
final class Owed {
    /** A side that is well says something within that. */
    private static final long LONG_NANOS = 100_000_000;

    private final AtomicInteger questions = new AtomicInteger();
    private volatile long heard;
    private volatile boolean failed;

    void asked(long now) {
        if (questions.getAndIncrement() == 0) {
            heard = now;
        }
    }

    /** @param failed whether the answer never came */
    void ended(long now, boolean failed) {
        questions.decrementAndGet();
        this.heard = now;
        this.failed = failed;
    }

    /** Whether it owes answers and gives none: it is silent for long, or was when it was asked last. */
    boolean isLate(long now) {
        return questions.get() > 0 && (failed || now - heard > LONG_NANOS);
    }
}
