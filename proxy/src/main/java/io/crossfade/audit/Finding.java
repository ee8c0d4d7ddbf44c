package io.crossfade.audit;

import io.crossfade.migration.Side;
import org.jspecify.annotations.Nullable;

/**
 * Something in the history that is not right.
 *
 * @param side whose entry it is; null where the two sides do not agree
 * @param chain {@code state:} and a group, or {@code acts}
 * @param id of the entry in {@code crossfade.audit}; null where it is about no single one
 * @param epoch of the state that it tells of, where it tells of one
 * @param problem what is wrong, as the end of a sentence
 */
public record Finding(
        @Nullable Side side,
        String chain,
        @Nullable Long id,
        @Nullable Long epoch,
        String problem) {}
