package io.crossfade.work;

import java.util.Locale;

/** How work, or one step of it, stands. */
public enum WorkState {
    RUNNING,
    DONE,
    FAILED;

    /** The name used in the admin API. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
