package io.crossfade.mismatch;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** ComparedCounts by spans, for as long as somebody asks. Threads: any. */
final class Recent {
    private final Map<Span, ComparedCount> counts = new ConcurrentHashMap<>();

    void add(Span span, boolean confirmed) {
        counts.merge(span, new ComparedCount(1, confirmed ? 1 : 0), ComparedCount::plus);
    }

    void put(Map<Span, ComparedCount> known) {
        counts.putAll(known);
    }

    /** Of the spans that began then or later. */
    ComparedCount since(Set<String> repositories, Instant since) {
        ComparedCount sum = new ComparedCount(0, 0);
        for (Map.Entry<Span, ComparedCount> entry : counts.entrySet()) {
            Span span = entry.getKey();
            if (span.begins() >= since.getEpochSecond() && repositories.contains(span.repository())) {
                sum = sum.plus(entry.getValue());
            }
        }
        return sum;
    }

    void forgetBefore(Instant since) {
        counts.keySet().removeIf(span -> span.begins() < since.getEpochSecond());
    }
}
