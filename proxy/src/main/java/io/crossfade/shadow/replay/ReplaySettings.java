package io.crossfade.shadow.replay;

import java.time.Duration;

/**
 * How a replayer paces itself.
 *
 * @param poll how often all groups are looked at; {@code as_of} of the idle ones is renewed as often
 * @param workers how many groups are replayed at the same time; each takes one session on either side, once it is needed
 * @param sliceKeys the most keys of one batch; a longer backlog is taken in slices
 * @param copyKeys the most keys of a slice of a backlog that goes by COPY because one batch does not hold it; 0 for never
 * @param patience how long one answer of a database may take, and how long a transaction may stand idle before the
 *     server ends it
 * @param takeOverAfter how long a leader may show no progress before another one takes its place
 * @param leaseGap how far two published moments of a group may lie apart before the shadow counts as left behind
 */
public record ReplaySettings(
        Duration poll,
        int workers,
        int sliceKeys,
        int copyKeys,
        Duration patience,
        Duration takeOverAfter,
        Duration leaseGap) {
    public static final ReplaySettings DEFAULTS = new ReplaySettings(
            Duration.ofMillis(20),
            2,
            5_000,
            20_000,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofMillis(100));

    /**
     * Those of this process. Properties of the JVM make the slices small, so that tests reach with a few rows what happens with
     * a long backlog; nobody else needs them.
     */
    public static ReplaySettings ofThisProcess() {
        return DEFAULTS.withSliceKeys(Integer.getInteger("crossfade.replay.sliceKeys", DEFAULTS.sliceKeys))
                .withCopyKeys(Integer.getInteger("crossfade.replay.copyKeys", DEFAULTS.copyKeys));
    }

    /** The same with another slice, and nothing by COPY. */
    public ReplaySettings withSliceKeys(int keys) {
        return new ReplaySettings(poll, workers, keys, 0, patience, takeOverAfter, leaseGap);
    }

    /** The same with other slices for what goes by COPY. */
    public ReplaySettings withCopyKeys(int keys) {
        return new ReplaySettings(poll, workers, sliceKeys, keys, patience, takeOverAfter, leaseGap);
    }

    /** The same with other limits of time. */
    public ReplaySettings withLimits(Duration patienceWithAnswers, Duration takeOver) {
        return new ReplaySettings(poll, workers, sliceKeys, copyKeys, patienceWithAnswers, takeOver, leaseGap);
    }

    /** The same with another pace. */
    public ReplaySettings withPoll(Duration every, Duration gap) {
        return new ReplaySettings(every, workers, sliceKeys, copyKeys, patience, takeOverAfter, gap);
    }

    /** The same with another number of workers. */
    public ReplaySettings withWorkers(int number) {
        return new ReplaySettings(poll, number, sliceKeys, copyKeys, patience, takeOverAfter, leaseGap);
    }
}
