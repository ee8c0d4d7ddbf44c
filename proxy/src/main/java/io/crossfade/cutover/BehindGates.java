package io.crossfade.cutover;

import io.crossfade.gates.Gate;
import io.crossfade.gates.Gates;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Passage;
import io.crossfade.state.BothRows;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Lets groups go live where their gates are open, or somebody has overridden them. Threads: any; nothing blocks. */
final class BehindGates {
    private static final int LOOKS = 20;
    private static final long LOOK_AGAIN_MILLIS = 250;

    private final Vertx vertx;
    private final Gates gates;

    BehindGates(Vertx vertx, Gates gates) {
        this.vertx = vertx;
        this.gates = gates;
    }

    /** Through the gates of all of these groups, those that stand for several of them once. */
    Future<Passage> passage(Collection<BothRows> groups, By by) {
        List<Future<List<Gate>>> asked = groups.stream()
                .map(rows -> gates.towards(rows.group(), rows.members(), Stage.LIVE))
                .toList();
        return Future.join(asked)
                .map(all -> asked.stream()
                        .flatMap(one -> one.result().stream())
                        .distinct()
                        .toList())
                .map(looked -> Passage.through(looked, Stage.LIVE, by));
    }

    /**
     * Once more when it is its turn: what was green may have been so minutes ago, before others had moved. Nothing waits for
     * it, so a gate that shuts for a moment, such as that of a lease, is looked at again.
     */
    Future<Void> through(BothRows rows, By by, Function<By, Future<Void>> move) {
        return through(rows, by, LOOKS, move);
    }

    private Future<Void> through(BothRows rows, By by, int looks, Function<By, Future<Void>> move) {
        return passage(List.of(rows), by).compose(passage -> {
            if (!passage.isRefused()) {
                return move.apply(new By(by.operator(), passage.reason(), by.overrides()));
            }
            return looks > 1
                    ? vertx.timer(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                            .compose(later -> through(rows, by, looks - 1, move))
                    : Future.failedFuture(new CutoverException(
                            "Group " + rows.group() + " was not moved: " + passage.refusal() + "."));
        });
    }
}
