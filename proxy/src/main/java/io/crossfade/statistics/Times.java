package io.crossfade.statistics;

import io.vertx.core.json.JsonObject;

/**
 * How long calls took, in buckets that grow with the time: eight for each doubling, so that a percentile is off by at most
 * one sixteenth. Two of them can be added up, which percentiles cannot.
 *
 * <p>Threads: one at a time.
 */
final class Times {
    private static final int PARTS = 8;
    private static final int PARTS_BITS = 3;

    /** About two minutes; whatever takes longer counts as that. */
    private static final long LONGEST_MICROS = 1L << 27;

    private final long[] counts = new long[bucketOf(LONGEST_MICROS) + 1];

    void count(long nanos) {
        counts[bucketOf(Math.min(LONGEST_MICROS, Math.max(0, nanos / 1_000)))]++;
    }

    void add(JsonObject buckets) {
        buckets.forEach(bucket -> {
            int place = Integer.parseInt(bucket.getKey());
            if (place < counts.length) {
                counts[place] += ((Number) bucket.getValue()).longValue();
            }
        });
    }

    /** The time that this share of the calls did not exceed, in milliseconds; NaN where there was none. */
    double percentile(double share) {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        long rank = Math.max(1, (long) Math.ceil(all * share));
        long seen = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            seen += counts[bucket];
            if (seen >= rank) {
                return middle(bucket) / 1_000;
            }
        }
        return Double.NaN;
    }

    /** The buckets that hold something. */
    JsonObject json() {
        JsonObject buckets = new JsonObject();
        for (int bucket = 0; bucket < counts.length; bucket++) {
            if (counts[bucket] > 0) {
                buckets.put("" + bucket, counts[bucket]);
            }
        }
        return buckets;
    }

    private static int bucketOf(long micros) {
        if (micros < PARTS) {
            return (int) micros;
        }
        int doublings = 63 - Long.numberOfLeadingZeros(micros) - PARTS_BITS;
        return (doublings + 1) * PARTS + (int) (micros >> doublings) - PARTS;
    }

    private static double middle(int bucket) {
        if (bucket < PARTS) {
            return bucket + 0.5;
        }
        int doublings = bucket / PARTS - 1;
        return (PARTS + bucket % PARTS + 0.5) * (1L << doublings);
    }
}
