package io.crossfade.guard;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How long calls took, in buckets that are 12.5 % wide: two kilobytes, however many calls there are. Threads: any, without a
 * lock.
 */
final class Times {
    private static final int PARTS_BITS = 3;
    private static final int PARTS = 1 << PARTS_BITS;

    private final AtomicIntegerArray counts = new AtomicIntegerArray((Long.SIZE - PARTS_BITS) * PARTS);

    void add(long nanos) {
        counts.getAndIncrement(bucket(Math.max(0, nanos)));
    }

    int count() {
        int count = 0;
        for (int i = 0; i < counts.length(); i++) {
            count += counts.get(i);
        }
        return count;
    }

    /** A time that this share of the calls did not exceed; rather too long than too short, by an eighth at most. */
    long percentile(double share) {
        long wanted = (long) Math.ceil(share * count());
        long seen = 0;
        for (int i = 0; i < counts.length(); i++) {
            seen += counts.get(i);
            if (seen >= wanted && seen > 0) {
                return upperBound(i);
            }
        }
        return 0;
    }

    /** The highest bit says which octave, the three bits below it which part of it. */
    private static int bucket(long nanos) {
        if (nanos < PARTS) {
            return (int) nanos;
        }
        int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        int part = (int) (nanos >>> (octave - PARTS_BITS)) & (PARTS - 1);
        return (octave - PARTS_BITS + 1) * PARTS + part;
    }

    private static long upperBound(int bucket) {
        if (bucket < PARTS) {
            return bucket;
        }
        int octave = bucket / PARTS + PARTS_BITS - 1;
        long part = bucket % PARTS;
        return ((PARTS + part + 1) << (octave - PARTS_BITS)) - 1;
    }
}
