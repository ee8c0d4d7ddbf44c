package io.crossfade.mismatch;

import java.time.Instant;

/** What was compared in a span. The caller keeps others away. */
final class Tally {
    private final Instant first;
    private Instant last;
    private long reads;
    private long mismatched;
    private long confirmed;

    Tally(Instant first) {
        this.first = first;
        this.last = first;
    }

    void add(Instant at, boolean differs, boolean isConfirmed) {
        last = at;
        reads++;
        mismatched += differs ? 1 : 0;
        confirmed += isConfirmed ? 1 : 0;
    }

    Instant first() {
        return first;
    }

    Instant last() {
        return last;
    }

    long reads() {
        return reads;
    }

    long mismatched() {
        return mismatched;
    }

    long confirmed() {
        return confirmed;
    }
}
