package io.crossfade.execution.fresh;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/** Calls back at a moment that can be changed, and never before it. Threads: any. */
final class Deadline {
    private final Vertx vertx;
    private final Runnable reached;
    private long timer = -1;
    private long at;
    private boolean over;

    Deadline(Vertx vertx, Runnable reached) {
        this.vertx = vertx;
        this.reached = reached;
    }

    /** Moves it to this {@link System#nanoTime}. */
    synchronized void set(long nanos) {
        if (!over) {
            vertx.cancelTimer(timer);
            at = nanos;
            long left = TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime()) + 1;
            timer = vertx.setTimer(Math.max(1, left), tick -> passed());
        }
    }

    synchronized void cancel() {
        over = true;
        vertx.cancelTimer(timer);
    }

    private void passed() {
        synchronized (this) {
            if (over) {
                return;
            }
            if (at - System.nanoTime() > 0) {
                set(at);
                return;
            }
            over = true;
        }
        reached.run();
    }
}
