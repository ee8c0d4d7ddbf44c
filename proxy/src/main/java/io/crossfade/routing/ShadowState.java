package io.crossfade.routing;

import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What an instance knows of the shadow of one group at one moment. All comparisons of local times use
 * {@link System#nanoTime}, so that no clocks need to agree.
 *
 * @param asOf the moment on the authority's clock that the shadow shows, or null while none is known
 * @param caughtUpAt since when, on the same clock, the shadow has held a true state of the authority at every moment; null
 *     while the group is behind, by slices or by dead letters
 * @param seenNanos local time of the moment that {@code asOf} stands for; rather too old than too young
 * @param knownNanos local time at which this was known
 * @param behindSinceNanos since when, by local time, this instance has seen the group behind at every look; null where it has
 *     not, or cannot say
 */
public record ShadowState(
        @Nullable OffsetDateTime asOf,
        @Nullable OffsetDateTime caughtUpAt,
        long seenNanos,
        long knownNanos,
        @Nullable Long behindSinceNanos) {
    /** Whether the knowledge is so young that it says something about now. */
    public boolean isKnown(long now, Duration freshFor) {
        return now - knownNanos < freshFor.toNanos();
    }

    /** Whether the shadow shows no true state of the authority. */
    public boolean isBehind() {
        return caughtUpAt == null || asOf == null;
    }

    /**
     * The freshness lease: the shadow has every write that was answered before {@code now}, whichever instance answered it.
     * A group that was behind gets the lease back only for a state that is younger by {@code freshFor} than its return, because
     * until then other instances, who know of the return a little later, answered writes without waiting.
     */
    public boolean holdsLease(long now, Duration freshFor) {
        return asOf != null
                && caughtUpAt != null
                && now - seenNanos < freshFor.toNanos()
                && !asOf.isBefore(caughtUpAt.plus(freshFor));
    }

    /** Whether the shadow shows a true state that is not older than this. */
    public boolean isWithin(long now, Duration lag) {
        return !isBehind() && now - seenNanos <= lag.toNanos();
    }

    /** Whether the shadow has everything that had committed before this local time. */
    public boolean includes(long nanos) {
        return !isBehind() && seenNanos - nanos > 0;
    }

    /** Whether every instance has known for so long that the group is behind that none of them reads its shadow. */
    public boolean isKnownToBeUnread(long now, Duration freshFor) {
        return isBehind()
                && isKnown(now, freshFor)
                && behindSinceNanos != null
                && now - behindSinceNanos >= freshFor.toNanos();
    }
}
