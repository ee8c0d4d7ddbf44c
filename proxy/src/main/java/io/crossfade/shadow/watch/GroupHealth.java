package io.crossfade.shadow.watch;

import io.crossfade.migration.Side;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * How the capture of a group is.
 *
 * @param authority the side whose writes are captured
 * @param generation raised by every gap; what was proved in an earlier one is void
 * @param red why its shadow cannot be relied on, as a sentence that says what to do; null while it can
 * @param entries journal entries that wait, counted up to a bound
 * @param bypassEntries entries that were replayed and had not come through a proxy
 * @param bypassSeenAt when the last of them was replayed, or null
 */
public record GroupHealth(
        String group,
        Side authority,
        long generation,
        @Nullable String red,
        long entries,
        long bypassEntries,
        @Nullable OffsetDateTime bypassSeenAt) {}
