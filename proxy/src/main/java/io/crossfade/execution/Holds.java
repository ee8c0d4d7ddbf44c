package io.crossfade.execution;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.RouteTable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Writes that wait while the authority of their group is on its way, bounded in number and in time. None of them was
 * sent, or it was refused without effect, so each is sent once when the authority is known.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class Holds {
    private static final int MOST = 10_000;

    /** Any state will do, as long as it takes writes. */
    static final long ANY_EPOCH = -1;

    private final Vertx vertx;
    private final Supplier<RouteTable> table;
    private final Duration longest;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

    /** @param longest how long one write may wait in all; nothing where there is no other side to wait for */
    public Holds(Vertx vertx, Supplier<RouteTable> table, Duration longest) {
        this.vertx = vertx;
        this.table = table;
        this.longest = longest;
    }

    /** Whether there is anything to wait for. */
    boolean waits() {
        return !longest.isZero();
    }

    /** Lets go whoever waited for what holds now; to be called after every new table. */
    public void look() {
        waiting.forEach(this::letGo);
    }

    private void letGo(Waiting one) {
        if (isOver(one)) {
            // On an event loop, whatever thread brought the new table.
            vertx.runOnContext(later -> one.promise().tryComplete());
        }
    }

    /**
     * Completes when the repository takes writes in a state later than that of {@code epoch}.
     *
     * @param sinceNanos {@link System#nanoTime} since when the call has been here
     */
    Future<Void> next(String repository, long epoch, long sinceNanos) {
        long left = longest.toNanos() - (System.nanoTime() - sinceNanos);
        if (left <= 0) {
            return Future.failedFuture(tooLate());
        }
        if (waiting.size() >= MOST) {
            return Future.failedFuture(new CallFailure(
                    Code.CF429,
                    "Too many writes are waiting for the authority to move.",
                    "The call was not sent to the database.",
                    null));
        }
        Waiting one = new Waiting(repository, epoch, Promise.promise());
        waiting.add(one);
        // The table may have changed before it was among those who wait. The others are looked at with each table:
        // doing it for each who comes would be far too often while thousands wait.
        letGo(one);
        return one.promise()
                .future()
                .timeout(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)), TimeUnit.MILLISECONDS)
                .onComplete(over -> waiting.remove(one))
                .recover(late -> Future.failedFuture(tooLate()));
    }

    private boolean isOver(Waiting one) {
        RepositoryRollout now = table.get().of(one.repository());
        return !now.onItsWay() && now.epoch() > one.epoch();
    }

    private static CallFailure tooLate() {
        return new CallFailure(
                Code.CF503,
                "The write waited for the authority of its table to move, and it did not arrive in time.",
                "The call had no effect.",
                "Try again.");
    }

    /** Compared by identity: two writes of one table are two. */
    private static final class Waiting {
        private final String repository;
        private final long epoch;
        private final Promise<Void> promise;

        Waiting(String repository, long epoch, Promise<Void> promise) {
            this.repository = repository;
            this.epoch = epoch;
            this.promise = promise;
        }

        String repository() {
            return repository;
        }

        long epoch() {
            return epoch;
        }

        Promise<Void> promise() {
            return promise;
        }
    }
}
