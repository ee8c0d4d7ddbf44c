package io.crossfade.comparison;

/**
 * How long a side has taken lately, and how long it usually takes, so that nobody who only compares asks a side that is struggling.
 *
 * <p>Threads: any. Racing updates lose a sample, which changes nothing.
 */
final class Pace {
    /** A side this fast is not struggling, whatever it was before. */
    private static final double FAST_ENOUGH_NANOS = 20e6;

    private static final double FACTOR = 4;
    private static final double LATELY = 1 / 8.0;
    private static final double USUALLY = 1 / 256.0;

    /** While a side is slow it is asked this seldom, to learn when it no longer is. */
    private static final int ONE_OF = 16;

    private volatile double lately;
    private volatile double usually;
    private volatile int refused;

    void took(long nanos) {
        lately += (nanos - lately) * (lately == 0 ? 1 : LATELY);
        usually += (nanos - usually) * (usually == 0 ? 1 : USUALLY);
    }

    boolean isSlow() {
        return lately > FAST_ENOUGH_NANOS && lately > FACTOR * usually;
    }

    /** Whether to leave the side alone this time. */
    boolean givesWay() {
        if (!isSlow()) {
            return false;
        }
        int times = refused + 1;
        refused = times % ONE_OF;
        return times < ONE_OF;
    }
}
