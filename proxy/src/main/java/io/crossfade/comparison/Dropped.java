package io.crossfade.comparison;

import io.crossfade.migration.Side;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A comparison that cannot be made, and why; it says nothing about the data. */
final class Dropped extends RuntimeException {
    private final Reason reason;
    private final @Nullable Side side;

    /** One that no side is the reason of, as far as is known. */
    Dropped(Reason reason) {
        this(reason, null);
    }

    /** @param side the one because of which */
    Dropped(Reason reason, @Nullable Side side) {
        super(reason.label(), null, false, false);
        this.reason = reason;
        this.side = side;
    }

    Reason reason() {
        return reason;
    }

    @Nullable
    Side side() {
        return side;
    }

    /** Why. */
    enum Reason {
        /** As many are under way as may be; the side is the one that they wait for. */
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
        MOVED,
        /** Our own. */
        FAULT;

        /** The name used in metrics. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
