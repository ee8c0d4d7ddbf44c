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
 * @param authority the side whose answer counts, or from which was written
 * @param difference null where its values are too large to be held
 */
record Sample(
        Instant at,
        boolean confirmed,
        String operation,
        String shape,
        Side authority,
        @Nullable Difference difference) {
    /** Thousands of samples may wait for a side that is away. */
    private static final int MOST_CHARACTERS = 16_384;

    static Sample of(Mismatch mismatch, String shape, Difference difference, Instant at) {
        return new Sample(
                at,
                mismatch.confirmed(),
                mismatch.operation().label(),
                shape,
                mismatch.authority(),
                bounded(difference));
    }

    /** Of a replay, whose shape is the same as what it does. */
    static Sample of(String shape, Side authority, Difference difference, Instant at) {
        return new Sample(at, true, shape, shape, authority, bounded(difference));
    }

    private static @Nullable Difference bounded(Difference difference) {
        int size = size(difference.key()) + size(difference.authority()) + size(difference.shadow());
        return size <= MOST_CHARACTERS ? difference : null;
    }

    private static int size(@Nullable JsonNode node) {
        return node == null ? 0 : node.toString().length();
    }
}
