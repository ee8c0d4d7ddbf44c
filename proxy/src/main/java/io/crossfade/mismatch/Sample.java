package io.crossfade.mismatch;

import io.crossfade.comparison.Difference;
import io.crossfade.migration.Side;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One difference as it was found, with its values, which leave the memory masked.
 *
 * @param authority the side whose answer counts; null where that is not known
 * @param difference null where nothing but the columns is known
 */
record Sample(
        Instant at,
        boolean confirmed,
        String operation,
        String shape,
        @Nullable Side authority,
        @Nullable Difference difference) {}
