package io.crossfade.gates;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Remembers an answer for a short time, so that many who ask at once cost one look. Threads: any. */
final class Recent<T> {
    private final long nanos;
    private @Nullable Future<T> answer;
    private long askedAt;

    Recent(Duration time) {
        this.nanos = time.toNanos();
    }

    /** The answer that is under way or not old yet, or else a new one. */
    synchronized Future<T> get(Supplier<Future<T>> look) {
        Future<T> known = answer;
        if (known != null && !known.failed() && System.nanoTime() - askedAt < nanos) {
            return known;
        }
        Future<T> next = look.get();
        answer = next;
        askedAt = System.nanoTime();
        return next;
    }

    /** The next who asks gets a new answer. */
    synchronized void forget() {
        answer = null;
    }
}
