package io.crossfade.state;

import io.crossfade.migration.Side;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Looks at each side once at a time: one look after the one under way serves all who ask meanwhile, because what had
 * committed before they asked is seen by it.
 *
 * <p>Threads: any.
 */
final class Looks {
    private final Vertx vertx;
    private final Map<Side, Future<Void>> running = new EnumMap<>(Side.class);
    private final Map<Side, Promise<Void>> next = new EnumMap<>(Side.class);

    Looks(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Has {@code look} run, now or after the one that runs. */
    synchronized Future<Void> at(Side side, Supplier<Future<Void>> look) {
        Promise<Void> waiting = next.get(side);
        if (waiting != null) {
            return waiting.future();
        }
        Future<Void> before = running.get(side);
        if (before == null || before.isComplete()) {
            return begin(side, look);
        }
        Promise<Void> after = Promise.promise();
        next.put(side, after);
        // Not under this lock: the look may be over by now.
        vertx.runOnContext(later -> before.onComplete(done -> again(side, look, after)));
        return after.future();
    }

    private synchronized void again(Side side, Supplier<Future<Void>> look, Promise<Void> waiting) {
        next.remove(side);
        begin(side, look).onComplete(waiting);
    }

    private Future<Void> begin(Side side, Supplier<Future<Void>> look) {
        Future<Void> begun = look.get();
        running.put(side, begun);
        return begun;
    }
}
