package io.crossfade.cutover.model;

import java.util.EnumSet;

/** Which promises a run is held to. */
final class Promises {
    static final EnumSet<Promise> AFTER_A_FORCE = EnumSet.of(
            Promise.ROW_AND_FENCE_AGREE,
            Promise.REFUSED_IS_ABSENT,
            Promise.ACKNOWLEDGED_IS_SOMEWHERE,
            Promise.FORCED_ROW_KEEPS_ITS_WRITES);

    static final EnumSet<Promise> ORDINARY =
            EnumSet.complementOf(EnumSet.of(Promise.ACKNOWLEDGED_IS_SOMEWHERE, Promise.FORCED_ROW_KEEPS_ITS_WRITES));

    private Promises() {}
}
