package io.crossfade.admin;

import org.jspecify.annotations.Nullable;

/**
 * How far the replay of a group is.
 *
 * @param replayedHere whether this proxy replays it, rather than another one
 * @param lagSeconds how old the state is that the target shows
 * @param waiting journal entries that were waiting at the last look
 * @param catchingUp whether the target is still between two true states of legacy
 * @param deadLetters rows that the target would not take
 * @param problem what keeps the replay from going on, or null
 */
public record ShadowStatus(
        String group,
        boolean replayedHere,
        double lagSeconds,
        int waiting,
        boolean catchingUp,
        int deadLetters,
        @Nullable String problem) {}
