package io.crossfade.admin;

import io.crossfade.migration.Side;

/**
 * What the journal of a side takes.
 *
 * @param bytes with its index
 * @param alarm whether that is above the alarm size
 */
public record JournalStatus(Side side, long bytes, boolean alarm) {}
