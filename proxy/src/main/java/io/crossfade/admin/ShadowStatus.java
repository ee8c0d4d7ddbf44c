package io.crossfade.admin;

import io.crossfade.migration.Side;
import org.jspecify.annotations.Nullable;

/**
 * How far the replay of a group is.
 *
 * @param from the side that takes its writes, from which the other side is kept equal
 * @param replayedHere whether this proxy replays it, rather than another one
 * @param lagSeconds how old the state is that the shadow shows
 * @param waiting journal entries that were waiting at the last look
 * @param catchingUp whether the shadow is still between two true states of the authority
 * @param deadLetters rows that the shadow would not take
 * @param atRisk writes that the other side may lack, as far as this proxy knows: what would be missing if the side that takes
 *     them were gone
 * @param problem what keeps the replay from going on, or null
 */
public record ShadowStatus(
        String group,
        Side from,
        boolean replayedHere,
        double lagSeconds,
        int waiting,
        boolean catchingUp,
        int deadLetters,
        long atRisk,
        @Nullable String problem) {}
