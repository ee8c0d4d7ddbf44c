package io.crossfade.settings;

import java.time.Duration;
import java.util.Map;

/**
 * How mismatches are kept.
 *
 * @param revealValues whether samples show the values themselves, which may be personal data
 * @param revealedBy the same for single repositories, whatever holds for the others
 * @param keepFor how long one is kept that is resolved, or was never confirmed
 * @param keepAtMost how many groups of mismatches are kept
 */
public record MismatchSettings(
        boolean revealValues, Map<String, Boolean> revealedBy, Duration keepFor, int keepAtMost) {
    public static final MismatchSettings DEFAULTS = new MismatchSettings(false, Map.of(), Duration.ofDays(14), 1_000);

    public MismatchSettings {
        revealedBy = Map.copyOf(revealedBy);
    }

    /** Whether samples of this repository show values. */
    public boolean reveals(String repository) {
        return revealedBy.getOrDefault(repository, revealValues);
    }
}
