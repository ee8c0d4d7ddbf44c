package io.crossfade.mismatch;

import java.time.Instant;

/**
 * A stretch of time in which reads of a repository were counted.
 *
 * @param seconds how long it is
 * @param begins in seconds since 1970, a multiple of its length
 */
record Span(String repository, int seconds, long begins) {
    /** What gates and status look at. */
    static final int HOUR = 3_600;

    /** What guardrails look at. */
    static final int SHORT = 10;

    static Span of(String repository, int seconds, Instant at) {
        return new Span(repository, seconds, at.getEpochSecond() / seconds * seconds);
    }
}
