package io.crossfade;

import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.Rollouts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Has the groups begin as configured. A database that is away, or stays silent, does not keep the proxy from starting:
 * nothing is lost meanwhile, because capture works without us; it is tried again until it works.
 */
final class Beginning {
    private static final int LOOK_SECONDS = 10;
    private static final long AGAIN_MILLIS = 1_000;

    private final Vertx vertx;
    private final Supplier<Future<Void>> look;
    private final Supplier<Future<Void>> note;
    private final Rollouts rollouts;
    private final Observer observer;
    private volatile boolean ended;

    /**
     * Not yet begun.
     *
     * @param look asks both databases where the groups stand
     * @param note writes down what is known of both sides from the start
     */
    Beginning(
            Vertx vertx,
            Supplier<Future<Void>> look,
            Supplier<Future<Void>> note,
            Rollouts rollouts,
            Observer observer) {
        this.vertx = vertx;
        this.look = look;
        this.note = note;
        this.rollouts = rollouts;
        this.observer = observer;
    }

    /** Completes when it is done, or is left for later; fails where the configuration does not fit. */
    Future<Void> begin() {
        return look.get()
                .timeout(LOOK_SECONDS, TimeUnit.SECONDS)
                .transform(looked -> looked.succeeded() ? noted().compose(noted -> rollouts.begin()) : later());
    }

    /** Tries no more. */
    void end() {
        ended = true;
    }

    /** What cannot be written down is not known later, which keeps gates red and nothing else. */
    private Future<Void> noted() {
        return note.get()
                .timeout(LOOK_SECONDS, TimeUnit.SECONDS)
                .onFailure(error -> observer.observe(new Unexpected("noting that both sides are equal", error)))
                .otherwiseEmpty();
    }

    private Future<Void> later() {
        vertx.setTimer(AGAIN_MILLIS, tick -> {
            if (!ended) {
                begin().onFailure(error -> observer.observe(new Unexpected("beginning as configured", error)));
            }
        });
        return Future.succeededFuture();
    }
}
