package io.crossfade.mismatch;

/**
 * How many groups were forgotten because there were too many; those that were resolved are not counted.
 *
 * @param transients those that were never confirmed
 */
public record Dropped(long transients, long confirmed) {
    static final Dropped NONE = new Dropped(0, 0);

    Dropped or(Dropped other) {
        return new Dropped(Math.max(transients, other.transients), Math.max(confirmed, other.confirmed));
    }
}
