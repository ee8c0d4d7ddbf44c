package io.crossfade.call;

/** Changes rows: runs once, on the authority, and reaches the shadow through the journal. */
public sealed interface Write extends Call permits Insert, Update, Delete {
    /** Selects and orders the rows that the write gives back; looked at only where {@link Answer#body()} holds. */
    Query returned();
}
