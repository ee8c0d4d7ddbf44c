package io.crossfade.bench;

import io.crossfade.demo.Latencies;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * So many calls a second, as an application with a bounded number of connections makes them: one that is due while all of
 * them wait is left out and counted, so that a load which asks for too much shows in that number rather than in a queue of
 * its own. How long a call took is counted from when it was made.
 *
 * <p>Threads: one event loop; {@link #stop} may be called from anywhere.
 */
final class PacedLoad {
    private static final long TICK_MILLIS = 2;

    private final Vertx vertx;
    private final Contender contender;
    private final BenchCase measured;
    private final long everyNanos;
    private final int mostWaiting;
    private final long begun = System.nanoTime();
    private final Latencies latencies = new Latencies();
    private final AtomicLong waiting = new AtomicLong();
    private final Promise<Void> idle = Promise.promise();
    private volatile @Nullable Throwable firstFailure;
    private volatile boolean stopped;
    private final LongAdder leftOut = new LongAdder();
    private int due;

    /** @param mostWaiting how many calls may be without an answer at once */
    PacedLoad(Vertx vertx, Contender contender, BenchCase measured, int perSecond, int mostWaiting) {
        this.vertx = vertx;
        this.contender = contender;
        this.measured = measured;
        this.everyNanos = 1_000_000_000L / perSecond;
        this.mostWaiting = mostWaiting;
        vertx.setPeriodic(TICK_MILLIS, this::tick);
    }

    private void tick(long timer) {
        if (stopped) {
            vertx.cancelTimer(timer);
            if (waiting.get() == 0) {
                idle.tryComplete();
            }
            return;
        }
        for (; due * everyNanos <= System.nanoTime() - begun; due++) {
            if (waiting.get() < mostWaiting) {
                call(due);
            } else {
                leftOut.increment();
            }
        }
    }

    private void call(int turn) {
        long made = System.nanoTime();
        waiting.incrementAndGet();
        contender.call(measured, turn % 16, turn).onComplete(answered -> {
            latencies.record(System.nanoTime() - made);
            if (answered.failed() && firstFailure == null) {
                firstFailure = answered.cause();
            }
            if (waiting.decrementAndGet() == 0 && stopped) {
                idle.tryComplete();
            }
        });
    }

    /** Makes no more calls; completes when all were answered. */
    Future<Void> stop() {
        stopped = true;
        return idle.future();
    }

    /** How many a second were answered. */
    double perSecond() {
        return latencies.count() * 1e9 / (System.nanoTime() - begun);
    }

    /** How many calls were due and not made, because all that may wait did. */
    int leftOut() {
        return leftOut.intValue();
    }

    Latencies latencies() {
        return latencies;
    }

    /** Why a call failed first; null where none did. */
    @Nullable
    Throwable firstFailure() {
        return firstFailure;
    }
}
