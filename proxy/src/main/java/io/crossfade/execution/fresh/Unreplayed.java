package io.crossfade.execution.fresh;

import io.crossfade.routing.ShadowState;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Any number of writes whose rows are not known, in the memory of two numbers: how many are under way, and when the last one
 * ended.
 *
 * <p>Threads: any, without a lock.
 */
final class Unreplayed {
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicReference<@Nullable Long> lastEnd = new AtomicReference<>();

    void sent() {
        underWay.incrementAndGet();
    }

    void ended(long at) {
        // In this order, so that a write that is not counted any more has left its end.
        lastEnd.accumulateAndGet(at, Unreplayed::later);
        underWay.decrementAndGet();
    }

    /** Whether one of them may not be in this state. */
    boolean isMissingIn(ShadowState state) {
        if (underWay.get() > 0) {
            return true;
        }
        Long last = lastEnd.get();
        return last != null && !state.includes(last);
    }

    private static @Nullable Long later(@Nullable Long one, @Nullable Long other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one - other > 0 ? one : other;
    }
}
