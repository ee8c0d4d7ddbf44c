package io.crossfade.shadow.watch;

import io.crossfade.migration.Side;

/**
 * Where a group stands, as far as the watch over it depends on that.
 *
 * @param authority the side whose own state says that it takes the writes
 * @param shadowed whether some proxy keeps the other side equal
 */
public record Standing(Side authority, boolean shadowed) {
    /** A group that was never moved. */
    public static final Standing AT_REST = new Standing(Side.LEGACY, false);
}
