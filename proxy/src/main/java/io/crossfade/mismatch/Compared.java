package io.crossfade.mismatch;

import java.time.OffsetDateTime;

/**
 * How much of a repository was compared.
 *
 * @param reads how many reads
 * @param mismatched how many of them differed when they were first looked at
 * @param confirmed how many differed when they were read again
 */
public record Compared(long reads, long mismatched, long confirmed, OffsetDateTime firstAt, OffsetDateTime lastAt) {
    Compared or(Compared other) {
        return new Compared(
                Math.max(reads, other.reads),
                Math.max(mismatched, other.mismatched),
                Math.max(confirmed, other.confirmed),
                firstAt.isBefore(other.firstAt) ? firstAt : other.firstAt,
                lastAt.isAfter(other.lastAt) ? lastAt : other.lastAt);
    }
}
