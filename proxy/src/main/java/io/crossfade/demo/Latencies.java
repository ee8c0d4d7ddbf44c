package io.crossfade.demo;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long calls took, as counts in buckets about 3 % wide, so that a long run costs no more memory than a short one.
 *
 * <p>Threading: any thread may record and read.
 */
public final class Latencies {
    private static final int STEPS_PER_DOUBLING = 32;
    private static final int STEP_BITS = 5;
    private final AtomicLongArray counts = new AtomicLongArray(STEPS_PER_DOUBLING * (Long.SIZE - STEP_BITS + 1));

    public void record(long nanos) {
        counts.incrementAndGet(bucket(Math.max(0, nanos)));
    }

    /** Adds all that the other one recorded. */
    public void add(Latencies other) {
        for (int bucket = 0; bucket < counts.length(); bucket++) {
            counts.addAndGet(bucket, other.counts.get(bucket));
        }
    }

    public long count() {
        long sum = 0;
        for (int bucket = 0; bucket < counts.length(); bucket++) {
            sum += counts.get(bucket);
        }
        return sum;
    }

    /** The time within which this share of the calls was done, in milliseconds; 0 before the first call. */
    public double percentile(double percent) {
        long wanted = (long) Math.ceil(count() * percent / 100);
        long seen = 0;
        for (int bucket = 0; bucket < counts.length() && wanted > 0; bucket++) {
            seen += counts.get(bucket);
            if (seen >= wanted) {
                return upperBound(bucket) / 1e6;
            }
        }
        return 0;
    }

    /** Small values have a bucket each; then every doubling has the same number of buckets. */
    private static int bucket(long nanos) {
        if (nanos < STEPS_PER_DOUBLING) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - STEP_BITS;
        return (shift + 1) * STEPS_PER_DOUBLING + (int) (nanos >>> shift) - STEPS_PER_DOUBLING;
    }

    private static double upperBound(int bucket) {
        if (bucket < STEPS_PER_DOUBLING) {
            return bucket;
        }
        int shift = bucket / STEPS_PER_DOUBLING - 1;
        return Math.scalb((double) (bucket % STEPS_PER_DOUBLING + STEPS_PER_DOUBLING + 1), shift);
    }
}
