package io.crossfade.mismatch;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * How many groups were forgotten because there were too many; those that were resolved are not counted.
 *
 * @param transients those that were never confirmed
 * @param confirmedAt when one of those that were confirmed was forgotten last; null where none was
 */
public record Dropped(
        long transients, long confirmed, @Nullable OffsetDateTime confirmedAt) {
    static final Dropped NONE = new Dropped(0, 0, null);

    Dropped or(Dropped other) {
        return new Dropped(
                Math.max(transients, other.transients),
                Math.max(confirmed, other.confirmed),
                FoundMismatch.later(confirmedAt, other.confirmedAt));
    }
}
