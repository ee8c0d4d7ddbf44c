package io.crossfade.migration;

import java.util.Locale;

/** One of the two databases. A side is a place and never changes; authority and shadow are roles that sides take. */
public enum Side {
    /** Where the application came from. */
    LEGACY,
    /** Where the application is going. */
    TARGET;

    /** The opposite side. */
    public Side other() {
        return this == LEGACY ? TARGET : LEGACY;
    }

    /** The name used in configuration, metrics and the admin API: {@code legacy} or {@code target}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
