package io.crossfade.shadow.replay;

import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * How far the replay of a group is, as this instance knows it.
 *
 * @param leading whether this instance is the one that replays
 * @param asOf the moment on the authority's clock that the shadow shows, or null before the first look
 * @param seenNanos {@link System#nanoTime} before that moment was asked for, so that ages need no common clock
 * @param entries the journal entries of the last look; when {@code catchingUp} there are more
 * @param catchingUp whether the shadow is between two true snapshots: it shows parts of transactions
 * @param deadLetters rows that the shadow would not take
 * @param problem what keeps the replay from going on, free of values, or null
 */
public record Progress(
        boolean leading,
        @Nullable OffsetDateTime asOf,
        long seenNanos,
        int entries,
        boolean catchingUp,
        int deadLetters,
        @Nullable String problem) {
    static final Progress NONE = new Progress(false, null, System.nanoTime(), 0, true, 0, null);

    /** How old the state is that the shadow shows. Before the first look, the time that nothing is known. */
    public Duration lag() {
        return Duration.ofNanos(System.nanoTime() - seenNanos);
    }

    Progress failed(String what) {
        return new Progress(false, asOf, seenNanos, entries, catchingUp, deadLetters, what);
    }
}
