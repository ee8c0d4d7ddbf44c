package io.crossfade.execution;

import io.crossfade.call.Outcome;
import io.crossfade.call.Read;
import io.crossfade.routing.Route;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;

/** Whoever asks the other side the same. Threads: any; nothing blocks or throws. */
public interface Comparing {
    /** Nothing is compared. */
    Comparing NONE = new Comparing() {
        @Override
        public boolean picks(Read read, boolean insisted) {
            return false;
        }

        @Override
        public boolean isAwaited() {
            return false;
        }

        @Override
        public Future<Void> compare(Read read, Route route, AsyncResult<Outcome> answer, long nanos) {
            return Future.succeededFuture();
        }
    };

    /**
     * Whether this read, which may be compared, is to be. On the way of every read: it neither waits nor allocates.
     *
     * @param insisted whether somebody who may asked for it
     */
    boolean picks(Read read, boolean insisted);

    /** Whether the answer waits for {@link #compare}. */
    boolean isAwaited();

    /**
     * Compares what the side that the route names said with what the other says.
     *
     * @param nanos how long the side took
     * @return completes when nothing is left to do; fails, with a failure for the caller, only where the answer is not to be
     *     given because the sides are confirmed to differ, or could not be compared
     */
    Future<Void> compare(Read read, Route route, AsyncResult<Outcome> answer, long nanos);
}
