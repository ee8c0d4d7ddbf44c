package io.crossfade.admin;

import org.jspecify.annotations.Nullable;

/**
 * What legacy may lack of a group whose writes the target takes: what would be missing if they were taken back by force now.
 *
 * @param backlog journal entries that waited at the last look that the target answered
 * @param deadLetters rows that legacy would not take
 * @param unacknowledged writes that this proxy has answered since without legacy having them
 * @param sinceLook further writes that this proxy has answered since, of which it does not know
 * @param lookedSecondsAgo the age of that look; null before the first
 */
public record AtRiskStatus(
        String group,
        long backlog,
        long deadLetters,
        long unacknowledged,
        long sinceLook,
        @Nullable Long lookedSecondsAgo) {
    /** All of it. */
    long rows() {
        return backlog + deadLetters + unacknowledged + sinceLook;
    }
}
