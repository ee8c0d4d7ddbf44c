package io.crossfade.evidence;

import java.util.Locale;

/** What comparing calls of one shape is worth. Only {@link #PROVEN} is a pass. */
public enum Proof {
    /** No call of it was compared. */
    NOTHING_COMPARED,
    /** Half of the calls or more failed on both sides: that they agree says nothing. */
    ERRORS_ON_BOTH_SIDES,
    /** Both sides agree, and no call ever found a row. */
    NO_ROWS_FOUND,
    /** Calls found rows on one side alone, and none that was read again showed a difference: what the other holds is not known. */
    ROWS_ON_ONE_SIDE,
    /** Calls differed, and did so when they were read again. */
    DIFFERS,
    /** Calls found rows on both sides, and the sides agreed. */
    PROVEN;

    /** The name used in the API. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
