package io.crossfade.call;

/** Changes rows: runs once, on the authority. */
public sealed interface Write extends Call permits Insert, Update, Delete {
    /** Selects and orders the rows that the write gives back; looked at only where {@link Answer#body()} holds. */
    Query returned();
}
