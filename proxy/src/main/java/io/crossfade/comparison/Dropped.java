package io.crossfade.comparison;

import java.util.Locale;

/** A comparison that cannot be made, and why; it says nothing about the data. */
final class Dropped extends RuntimeException {
    private final Reason reason;

    Dropped(Reason reason) {
        super(reason.label(), null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    /** Why. */
    enum Reason {
        /** As many are under way as may be. */
        SATURATED,
        /** A side, or this process, has other work. */
        BUSY,
        /** A side does not answer. */
        SIDE_DOWN,
        /** The answer has more bytes than are compared. */
        TOO_LARGE,
        /** The shadow is not known to be a true state of the authority. */
        CATCHING_UP,
        /** The repository changed its stage meanwhile. */
        MOVED;

        /** The name used in metrics. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
