package io.crossfade.bench;

import io.crossfade.demo.Latencies;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * So many calls a second, whether the ones before were answered or not, as an application makes them. How long a call took
 * is counted from when it should have been made.
 *
 * <p>Threads: one event loop; {@link #stop} may be called from anywhere.
 */
final class PacedLoad {
    private static final long TICK_MILLIS = 2;
    private static final int MOST_WAITING = 4_096;

    private final Vertx vertx;
    private final Contender contender;
    private final BenchCase measured;
    private final long everyNanos;
    private final long begun = System.nanoTime();
    private final Latencies latencies = new Latencies();
    private final AtomicLong waiting = new AtomicLong();
    private final Promise<Void> idle = Promise.promise();
    private volatile @Nullable Throwable firstFailure;
    private volatile boolean stopped;
    private int made;

    PacedLoad(Vertx vertx, Contender contender, BenchCase measured, int perSecond) {
        this.vertx = vertx;
        this.contender = contender;
        this.measured = measured;
        this.everyNanos = 1_000_000_000L / perSecond;
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
        while (made * everyNanos <= System.nanoTime() - begun && waiting.get() < MOST_WAITING) {
            long due = begun + made * everyNanos;
            waiting.incrementAndGet();
            contender.call(measured, made % 16, made++).onComplete(answered -> {
                latencies.record(System.nanoTime() - due);
                if (answered.failed() && firstFailure == null) {
                    firstFailure = answered.cause();
                }
                if (waiting.decrementAndGet() == 0 && stopped) {
                    idle.tryComplete();
                }
            });
        }
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

    Latencies latencies() {
        return latencies;
    }

    /** Why a call failed first; null where none did. */
    @Nullable
    Throwable firstFailure() {
        return firstFailure;
    }
}
