package io.crossfade.settings;

import java.time.Duration;

/**
 * How reads are compared after they were answered, and how much that may cost.
 *
 * @param sample percent of the reads that are compared, where the repository has no share of its own
 * @param maxInFlight how many comparisons may be under way at once
 * @param timeout after which a side gives up a read that only serves to compare
 * @param poolSize the most connections on each side that comparisons may use at once, beside those of calls
 * @param noiseShare percent of the compared reads that are read twice from the authority, to know what differs against itself
 * @param maxBytes the largest answer that is compared
 * @param fail whether every read waits for its comparison, and fails where the sides are confirmed to differ
 */
public record ComparisonSettings(
        double sample, int maxInFlight, Duration timeout, int poolSize, double noiseShare, int maxBytes, boolean fail) {
    public static final ComparisonSettings DEFAULTS =
            new ComparisonSettings(10, 8, Duration.ofSeconds(2), 2, 1, 1 << 20, false);

    /** The same for another share of the reads. */
    public ComparisonSettings sampling(double share) {
        return new ComparisonSettings(share, maxInFlight, timeout, poolSize, noiseShare, maxBytes, fail);
    }

    /** The same, where every answer waits. */
    public ComparisonSettings failing() {
        return new ComparisonSettings(100, maxInFlight, timeout, poolSize, noiseShare, maxBytes, true);
    }
}
