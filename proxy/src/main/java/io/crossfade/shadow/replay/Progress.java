package io.crossfade.shadow.replay;

import io.crossfade.settings.FreshnessSettings;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * How far the replay of a group is, as this instance knows it, whether it leads or follows.
 *
 * @param leading whether this instance is the one that replays
 * @param asOf the moment on the authority's clock that the shadow shows, or null before the first look
 * @param seenNanos a {@link System#nanoTime} that is not later than that moment, so that ages need no common clock and
 *     are never underestimated
 * @param entries the journal entries of the last batch; when {@code catchingUp} there are more
 * @param catchingUp whether the shadow is between two true snapshots: it shows parts of transactions
 * @param deadLetters rows that the shadow would not take
 * @param problem what keeps the replay from going on, free of values, or null
 * @param caughtUpAt since which moment on the authority's clock the shadow has followed without a gap, or null while it
 *     does not
 * @param behindSinceNanos the {@link System#nanoTime} at which this instance first saw the shadow catching up, with
 *     dead letters or without a lease, without an interruption since; 0 while it is none of it
 * @param knownNanos the {@link System#nanoTime} at which this was learnt
 */
public record Progress(
        boolean leading,
        @Nullable OffsetDateTime asOf,
        long seenNanos,
        int entries,
        boolean catchingUp,
        int deadLetters,
        @Nullable String problem,
        @Nullable OffsetDateTime caughtUpAt,
        long behindSinceNanos,
        long knownNanos) {
    /**
     * The longest silence after which a group that was behind is taken to have been behind all the time. Meanwhile another
     * instance cannot have learnt of its return and lost it again: that takes a longer lease.
     */
    private static final long LONGEST_SILENCE_NANOS = FreshnessSettings.SHORTEST_FRESH_FOR.toNanos();

    /** One that was learnt just now. */
    Progress(
            boolean leading,
            @Nullable OffsetDateTime asOf,
            long seenNanos,
            int entries,
            boolean catchingUp,
            int deadLetters,
            @Nullable String problem,
            @Nullable OffsetDateTime caughtUpAt,
            long behindSinceNanos) {
        this(
                leading,
                asOf,
                seenNanos,
                entries,
                catchingUp,
                deadLetters,
                problem,
                caughtUpAt,
                behindSinceNanos,
                System.nanoTime());
    }

    /** Before the first look. */
    static Progress none() {
        return new Progress(false, null, System.nanoTime(), 0, true, 0, null, null, now());
    }

    /** How old the state is that the shadow shows. Before the first look, the time that nothing is known. */
    public Duration lag() {
        return Duration.ofNanos(System.nanoTime() - seenNanos);
    }

    /** Whether the shadow shows less than the authority held at some moment. */
    public boolean behind() {
        return catchingUp || deadLetters > 0;
    }

    /** Whether nobody who knows this reads the shadow. */
    private boolean unread() {
        return behind() || caughtUpAt == null;
    }

    /** The same knowledge, not led from here, and why. */
    Progress failed(@Nullable String what) {
        return new Progress(
                false,
                asOf,
                seenNanos,
                entries,
                catchingUp,
                deadLetters,
                what,
                caughtUpAt,
                behindSinceNanos,
                knownNanos);
    }

    /** A later moment of a group in which nothing has changed. */
    Progress renewed(OffsetDateTime moment, long nanos, @Nullable OffsetDateTime caughtUp) {
        return new Progress(true, moment, nanos, 0, catchingUp, deadLetters, null, caughtUp, behindSinceNanos);
    }

    /** This, with the beginning of a time of being behind that had begun before. */
    Progress after(Progress before) {
        boolean stillBehind = before.behindSinceNanos != 0 && knownNanos - before.knownNanos < LONGEST_SILENCE_NANOS;
        long since = !unread() ? 0 : stillBehind ? before.behindSinceNanos : now();
        return new Progress(
                leading, asOf, seenNanos, entries, catchingUp, deadLetters, problem, caughtUpAt, since, knownNanos);
    }

    private static long now() {
        long nanos = System.nanoTime();
        return nanos == 0 ? 1 : nanos;
    }
}
