package io.crossfade.admin;

import org.jspecify.annotations.Nullable;

/**
 * How the capture of a group is.
 *
 * @param generation raised by every gap in capture
 * @param red why the target cannot be relied on, and what to do; null while it can
 * @param entries journal entries that wait, counted up to 10,000 over all groups
 * @param bypassEntries replayed entries that had not come through a proxy
 * @param bypassSeenAt when the last of those was replayed, in ISO 8601, or null
 */
public record CaptureStatus(
        String group,
        long generation,
        @Nullable String red,
        long entries,
        long bypassEntries,
        @Nullable String bypassSeenAt) {}
