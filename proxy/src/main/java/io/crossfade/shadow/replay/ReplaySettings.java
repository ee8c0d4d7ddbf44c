package io.crossfade.shadow.replay;

import java.time.Duration;

/**
 * How a replayer paces itself.
 *
 * @param busyPoll how long to wait for the next look after a batch that moved something
 * @param idlePoll how long to wait after a look that found nothing; {@code as_of} is renewed as often
 * @param sliceKeys the most keys of one batch; a longer backlog is taken in slices
 * @param patience how long one answer of a database may take, and how long a transaction may stand idle before the
 *     server ends it
 * @param takeOverAfter how long a leader may show no progress before another one takes its place
 */
public record ReplaySettings(
        Duration busyPoll, Duration idlePoll, int sliceKeys, Duration patience, Duration takeOverAfter) {
    public static final ReplaySettings DEFAULTS = new ReplaySettings(
            Duration.ofMillis(20), Duration.ofMillis(250), 5_000, Duration.ofSeconds(30), Duration.ofSeconds(10));

    /** The same with another slice. */
    public ReplaySettings withSliceKeys(int keys) {
        return new ReplaySettings(busyPoll, idlePoll, keys, patience, takeOverAfter);
    }

    /** The same with other limits of time. */
    public ReplaySettings withLimits(Duration patienceWithAnswers, Duration takeOver) {
        return new ReplaySettings(busyPoll, idlePoll, sliceKeys, patienceWithAnswers, takeOver);
    }
}
