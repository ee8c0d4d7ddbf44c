package io.crossfade.shadow;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observer;
import io.crossfade.shadow.replay.ReplaySettings;
import io.crossfade.shadow.replay.Replayer;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The replay in each direction, begun when the first group needs it: a proxy whose groups all go one way pays for no
 * session that looks the other way.
 *
 * <p>Threads: any; nothing blocks.
 */
final class Replayers {
    private final Vertx vertx;
    private final Sides sides;
    private final Predicate<String> red;
    private final Observer observer;
    private final Map<Side, Replayer> byAuthority = new EnumMap<>(Side.class);

    Replayers(Vertx vertx, Sides sides, Predicate<String> red, Observer observer) {
        this.vertx = vertx;
        this.sides = sides;
        this.red = red;
        this.observer = observer;
    }

    /** The one from this side to its other, running. */
    synchronized Replayer from(Side authority) {
        return byAuthority.computeIfAbsent(authority, this::begin);
    }

    /** Ends both; completes when nothing is open. */
    Future<Void> stop() {
        List<Replayer> running;
        synchronized (this) {
            running = List.copyOf(byAuthority.values());
        }
        return Future.join(running.stream().map(Replayer::stop).toList()).mapEmpty();
    }

    private Replayer begin(Side authority) {
        Replayer begun = new Replayer(
                vertx,
                authority,
                sides.find(authority).orElseThrow().settings(),
                sides.find(authority.other()).orElseThrow().settings(),
                ReplaySettings.ofThisProcess(),
                red,
                observer);
        begun.start();
        return begun;
    }
}
