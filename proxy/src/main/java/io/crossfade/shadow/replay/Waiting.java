package io.crossfade.shadow.replay;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait until the shadow shows what had committed before they asked.
 *
 * <p>Threads: any; callers are answered outside the lock.
 */
final class Waiting {
    private final List<Caller> callers = new ArrayList<>();
    private boolean ended;

    Future<Void> ask() {
        return ask(new Caller());
    }

    /** For one who waits no longer than this, and is forgotten then, so that nobody piles up while the replay stands still. */
    Future<Void> ask(Duration patience) {
        Caller caller = new Caller();
        return ask(caller).timeout(patience.toMillis(), TimeUnit.MILLISECONDS).onFailure(late -> leave(caller));
    }

    private Future<Void> ask(Caller caller) {
        synchronized (this) {
            if (!ended) {
                callers.add(caller);
                return caller.promise.future();
            }
        }
        return Future.failedFuture("the replay was ended");
    }

    /** Takes all of them: the caller answers them, or puts them back. */
    synchronized List<Caller> take() {
        List<Caller> taken = List.copyOf(callers);
        callers.clear();
        return taken;
    }

    void putBack(List<Caller> taken) {
        synchronized (this) {
            if (!ended) {
                taken.stream().filter(Caller::waits).forEach(callers::add);
                return;
            }
        }
        taken.forEach(caller -> caller.fail("the replay was ended"));
    }

    /** Also one who is taken: who is answered already is not put back. */
    private void leave(Caller caller) {
        caller.fail("nobody waits for it");
        synchronized (this) {
            callers.remove(caller);
        }
    }

    synchronized boolean isEmpty() {
        return callers.isEmpty();
    }

    /** Those for whom the authority was not asked yet what the time is. */
    synchronized List<Caller> withoutMoment() {
        return callers.stream().filter(caller -> caller.moment == null).toList();
    }

    /** A moment of the authority's clock after they had asked. */
    synchronized void at(OffsetDateTime moment, List<Caller> asked) {
        asked.forEach(caller -> caller.moment = moment);
    }

    /** The shadow shows that moment. */
    void reached(OffsetDateTime asOf) {
        List<Caller> answered;
        synchronized (this) {
            answered = callers.stream()
                    .filter(caller -> caller.moment != null && asOf.isAfter(caller.moment))
                    .toList();
            callers.removeAll(answered);
        }
        answered.forEach(Caller::complete);
    }

    void fail(String why) {
        List<Caller> left;
        synchronized (this) {
            ended = true;
            left = take();
        }
        left.forEach(caller -> caller.fail(why));
    }

    /** One who waits. */
    static final class Caller {
        private final Promise<Void> promise = Promise.promise();
        private @Nullable OffsetDateTime moment;

        boolean waits() {
            return !promise.future().isComplete();
        }

        void complete() {
            promise.tryComplete();
        }

        void fail(String why) {
            promise.tryFail(why);
        }
    }
}
