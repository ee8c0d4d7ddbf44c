package io.crossfade.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the reads of one repository are compared.
 *
 * @param off whether they are not
 * @param sample percent of them, or null for what holds for all repositories
 * @param ignore columns of which it does not matter whether they differ, by their keys in the answer
 * @param numericTolerance how far two numbers may be apart
 * @param timestampPrecision what is left of a moment is compared; zero for all of it
 */
public record CompareSettings(
        boolean off,
        @Nullable Double sample,
        Set<String> ignore,
        BigDecimal numericTolerance,
        Duration timestampPrecision) {
    /** Everything counts. */
    public static final CompareSettings DEFAULTS =
            new CompareSettings(false, null, Set.of(), BigDecimal.ZERO, Duration.ZERO);

    /** Nothing is compared. */
    public static final CompareSettings OFF = new CompareSettings(true, null, Set.of(), BigDecimal.ZERO, Duration.ZERO);

    public CompareSettings {
        ignore = Set.copyOf(ignore);
    }
}
