package io.crossfade.settings;

import java.time.Duration;
import java.util.List;

/**
 * How an authority moves.
 *
 * @param timeout how long a write may wait for it
 * @param smokeTests paths of the REST front door, such as {@code /clients?limit=1}, each of which has to find a row after
 *     a cutover; if one does not, the authority goes back
 * @param forceMargin how far the sequences of the side jump that takes the writes by force, in values: as many as the side
 *     that cannot be reached may have given out since it was last heard
 */
public record CutoverSettings(Duration timeout, List<String> smokeTests, long forceMargin) {
    /** In less than this, driver and healers would get in each other's way. */
    public static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);

    public static final CutoverSettings DEFAULTS = new CutoverSettings(Duration.ofSeconds(5), List.of(), 100_000);

    public CutoverSettings {
        smokeTests = List.copyOf(smokeTests);
    }

    /** What one step of whoever drives a move may take, and the rest of the replay. */
    public Duration driverLimit() {
        return timeout.multipliedBy(2).dividedBy(5);
    }

    /** How long a driver tries to lock the tables: what is left of its limit tells whoever waits why it was not enough. */
    public Duration lockLimit() {
        return driverLimit().multipliedBy(3).dividedBy(4);
    }

    /** After which a move that is under way is brought to its end by whoever sees it, before any write has waited too long. */
    public Duration healAfter() {
        return timeout.multipliedBy(3).dividedBy(5);
    }
}
