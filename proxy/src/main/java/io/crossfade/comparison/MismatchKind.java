package io.crossfade.comparison;

import java.util.Locale;

/** In what way two answers differ. */
public enum MismatchKind {
    /** The shadow lacks a row that the authority gave. */
    MISSING,
    /** The shadow gave a row that the authority lacks. */
    EXTRA,
    /** A row that both gave differs in columns. */
    VALUE,
    /** The same rows in another order, where the order is total. */
    ORDER,
    /** A limit without a total order: each side may choose other rows. */
    UNSTABLE,
    /** One side failed and the other did not, or they failed by other codes. */
    ERROR,
    /** Both answered, and a caller would see another status: another count, or rows against none. */
    STATUS,
    /** The shadow holds something else than what replay has written to it. */
    WRITE,
    /** Found by comparing whole tables. */
    TABLE;

    /** The name used in metrics, in the API and in the database. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
