package io.crossfade.mismatch;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.comparison.Difference;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was seen of one group of mismatches and is not written yet. The caller keeps others away. */
final class Pending {
    static final int MOST_SAMPLES = 3;

    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Instant first;
    private String shape = "";
    private Instant last;
    private @Nullable Instant lastConfirmed;
    private long transientCalls;
    private long confirmedCalls;

    Pending(Instant first) {
        this.first = first;
        this.last = first;
    }

    /** One call in which it was seen; however many rows of it differ. */
    void saw(Instant at, boolean confirmed, String shape) {
        last = at;
        this.shape = shape;
        if (confirmed) {
            lastConfirmed = at;
            confirmedCalls++;
        } else {
            transientCalls++;
        }
    }

    /** The youngest samples are kept, and of one row one. */
    void add(Sample sample) {
        samples.removeIf(other -> Objects.equals(key(other), key(sample)));
        samples.addFirst(sample);
        if (samples.size() > MOST_SAMPLES) {
            samples.removeLast();
        }
    }

    private static @Nullable JsonNode key(Sample sample) {
        Difference difference = sample.difference();
        return difference == null ? null : difference.key();
    }

    Instant first() {
        return first;
    }

    Instant last() {
        return last;
    }

    @Nullable
    Instant lastConfirmed() {
        return lastConfirmed;
    }

    String shape() {
        return shape;
    }

    long transientCalls() {
        return transientCalls;
    }

    long confirmedCalls() {
        return confirmedCalls;
    }

    /** The youngest first. */
    List<Sample> samples() {
        return List.copyOf(samples);
    }
}
