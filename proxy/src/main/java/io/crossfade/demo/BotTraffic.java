package io.crossfade.demo;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * The bot as one process of it looks from outside: one call after the other, at most so many a second.
 *
 * <p>Threading: one event loop; {@link #start}, {@link #stop} and {@link #tally} may be called from any thread.
 */
public final class BotTraffic {
    private static final long SEED = 2_026_11_22;
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Context context;
    private final SupabaseClient client;
    private final long nanosPerCall;
    private final BotDay day = new BotDay(SEED);
    private final TrafficTally tally = new TrafficTally();
    private final Promise<Void> stopped = Promise.promise();
    private volatile boolean stopping;
    private boolean started;
    private long due;
    private long timer = NO_TIMER;

    public BotTraffic(Vertx vertx, SupabaseClient client, double callsPerSecond) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.client = client;
        this.nanosPerCall = (long) (1e9 / callsPerSecond);
    }

    public void start() {
        context.runOnContext(nothing -> {
            started = true;
            due = System.nanoTime();
            call();
        });
    }

    private void call() {
        if (stopping) {
            stopped.tryComplete();
            return;
        }
        long begun = System.nanoTime();
        BotRequest request = day.next();
        client.send(request).onComplete(result -> answered(request, result, begun));
    }

    private void answered(BotRequest request, AsyncResult<BotReply> result, long begun) {
        long now = System.nanoTime();
        tally.record(request, result, now - begun);
        // A slow answer delays the calls behind it and is not made up for by a burst: the bot does not either.
        due = Math.max(now, due + nanosPerCall);
        long millis = (due - now) / 1_000_000;
        if (stopping || millis == 0) {
            context.runOnContext(nothing -> call());
        } else {
            timer = vertx.setTimer(millis, fired -> {
                timer = NO_TIMER;
                call();
            });
        }
    }

    /** Completes when the call under way is answered and no other will follow. */
    public Future<Void> stop() {
        context.runOnContext(nothing -> {
            stopping = true;
            // The next call of a slow traffic may be minutes away: it is not waited for.
            if (!started || vertx.cancelTimer(timer)) {
                stopped.tryComplete();
            }
        });
        return stopped.future();
    }

    public TrafficTally tally() {
        return tally;
    }
}
