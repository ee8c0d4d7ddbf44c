package io.crossfade.guard;

import java.util.Locale;

/** What is limited. */
public enum Rail {
    /** The share of compared reads that are confirmed to differ. */
    MISMATCHES,
    /** The share of the target's calls that fail by its own fault. */
    ERRORS,
    /** The target's 99th percentile against that of legacy. */
    LATENCY,
    /** How far the shadow is behind. */
    LAG;

    /** The name used in metrics, reasons and the API. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
