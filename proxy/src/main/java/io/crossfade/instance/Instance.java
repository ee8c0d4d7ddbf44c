package io.crossfade.instance;

import java.time.OffsetDateTime;
import java.util.Map;

/**
 * One proxy as it was last heard of.
 *
 * @param address host and port of its REST front door
 * @param report what it knew then
 * @param ageSeconds how long ago that was
 * @param here whether it is the one that tells
 */
public record Instance(
        String id,
        String address,
        String version,
        OffsetDateTime startedAt,
        Report report,
        double ageSeconds,
        boolean here) {
    private static final double GONE_SECONDS = 5;

    /** Whether it has been silent for so long that it has probably ended, or cannot reach a database. */
    public boolean isGone() {
        return ageSeconds > GONE_SECONDS;
    }

    /** The same, heard of at another time. */
    Instance at(double age) {
        return new Instance(id, address, version, startedAt, report, age, here);
    }

    /**
     * What a proxy knows of the state and the shadows.
     *
     * @param asOf the moment of its authority that the shadow of each group shows; none for a group before the first look
     * @param lagSeconds the longest time that any group is behind
     */
    public record Report(long epoch, Map<String, OffsetDateTime> asOf, double lagSeconds) {
        public Report {
            asOf = Map.copyOf(asOf);
        }
    }
}
