package io.crossfade.admin;

import io.crossfade.migration.Side;
import org.jspecify.annotations.Nullable;

/**
 * How the capture of a group is.
 *
 * @param authority the side whose writes are captured
 * @param generation raised by every gap in capture
 * @param red why the shadow cannot be relied on, and what to do; null while it can
 * @param entries journal entries that wait, counted up to 10,000 over all groups
 * @param bypassEntries replayed entries that had not come through a proxy
 * @param bypassSeenAt when the last of those was replayed, in ISO 8601, or null
 */
public record CaptureStatus(
        String group,
        Side authority,
        long generation,
        @Nullable String red,
        long entries,
        long bypassEntries,
        @Nullable String bypassSeenAt) {}
