package io.crossfade.shadow.replay;

import java.time.OffsetDateTime;
import java.util.List;

/**
 * What one look at the authority found: all of it as of one moment.
 *
 * @param asOf a moment before which everything that committed is seen
 * @param seenNanos {@link System#nanoTime} before that moment
 * @param entries the journal entries that end with these rows
 * @param rows the rows of their keys
 * @param more whether the backlog goes on, so that these rows are not a whole state
 * @param bytes how much the rows hold
 */
record Snapshot(
        OffsetDateTime asOf, long seenNanos, List<Long> entries, List<RowImage> rows, boolean more, long bytes) {}
