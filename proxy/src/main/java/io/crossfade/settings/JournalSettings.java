package io.crossfade.settings;

/**
 * How large the journal on the authority may grow.
 *
 * @param alarmSize bytes from which on an alarm is given, and groups are given up that nobody shadows
 * @param hardSize bytes from which on the groups are given up that hold the most
 * @param givesUp whether that is done; else the journal grows until the disk is full
 */
public record JournalSettings(long alarmSize, long hardSize, boolean givesUp) {
    public static final JournalSettings DEFAULTS = new JournalSettings(1L << 30, 10L << 30, true);
}
