package io.crossfade;

import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import java.time.Duration;

/** How long calls may take, and how much they may hold, as it follows from the settings of both sides. */
record CallLimits(SideSettings legacy, SideSettings target) {
    private static final int SILENT_SECONDS = 30;

    /** What a commit may take after its statement. */
    private static final int COMMIT_SECONDS = 5;

    static CallLimits of(Settings settings) {
        SideSettings legacy = settings.legacy();
        return new CallLimits(legacy, settings.target() == null ? legacy : settings.target());
    }

    /** A quarter of the heap may hold bodies, before new calls have to wait. */
    static long mostBytesOfBodies() {
        return Runtime.getRuntime().maxMemory() / 4;
    }

    /** The longest that a call can take, and some more. */
    Duration patience() {
        return longest(legacy.statementTimeout(), target.statementTimeout())
                .plus(longest(legacy.acquireTimeout(), target.acquireTimeout()))
                .plusSeconds(SILENT_SECONDS);
    }

    /** After this no statement that a lost connection had begun can still be running, on either side. */
    Duration uncertain() {
        return longest(legacy.statementTimeout(), target.statementTimeout()).plusSeconds(COMMIT_SECONDS);
    }

    private static Duration longest(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
