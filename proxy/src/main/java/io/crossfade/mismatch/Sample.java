package io.crossfade.mismatch;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.comparison.Difference;
import io.crossfade.comparison.Mismatch;
import io.crossfade.migration.Side;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One difference as it was found, with its values, which leave the memory masked.
 *
 * @param authority the side whose answer counts; null where that is not known
 * @param difference null where its values are not known, or too large to be held
 */
record Sample(
        Instant at,
        boolean confirmed,
        String operation,
        String shape,
        @Nullable Side authority,
        @Nullable Difference difference) {
    /** Thousands of samples may wait for a side that is away. */
    private static final int MOST_CHARACTERS = 16_384;

    static Sample of(Mismatch mismatch, String shape, Difference difference, Instant at) {
        int size = size(difference.key()) + size(difference.authority()) + size(difference.shadow());
        return new Sample(
                at,
                mismatch.confirmed(),
                mismatch.operation().label(),
                shape,
                mismatch.authority(),
                size <= MOST_CHARACTERS ? difference : null);
    }

    /** Of a replay, which tells of columns alone. */
    static Sample withoutValues(String shape, Instant at) {
        return new Sample(at, true, shape, shape, null, null);
    }

    private static int size(@Nullable JsonNode node) {
        return node == null ? 0 : node.toString().length();
    }
}
