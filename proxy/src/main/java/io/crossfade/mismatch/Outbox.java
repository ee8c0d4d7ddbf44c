package io.crossfade.mismatch;

import io.crossfade.mismatch.Outbox.Findings;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one side has not taken yet. What is seen again is added to what is known, so that a side which is away for hours costs
 * no more than the number of different findings, and that is bounded; what does not fit is counted.
 *
 * <p>What was handed out is handed out unchanged, and under the same number, until it is known to be written.
 *
 * <p>Threads: any; nobody holds it for long.
 */
final class Outbox {
    static final int MOST_GROUPS = 500;
    private static final int MOST_SPANS = 2_000;
    private static final int GROUPS_AT_ONCE = 100;
    private static final int SPANS_AT_ONCE = 500;

    private final Map<GroupKey, Pending> groups = new LinkedHashMap<>();
    private final Map<Span, Tally> spans = new LinkedHashMap<>();
    private @Nullable Findings handedOut;
    private long number;
    private long droppedTransient;
    private long droppedConfirmed;

    /** Adds what was seen in one call. */
    synchronized void add(Map<GroupKey, Sightings> seen, Instant at) {
        seen.forEach((key, its) -> {
            Pending pending = pending(key, its.confirmed(), at);
            if (pending != null) {
                pending.saw(at, its.confirmed(), its.shape());
                its.samples().forEach(pending::add);
            }
        });
    }

    /** Counts one read. */
    synchronized void count(String repository, Instant at, boolean differs, boolean confirmed) {
        for (int seconds : new int[] {Span.SHORT, Span.HOUR}) {
            Span span = Span.of(repository, seconds, at);
            Tally tally = spans.get(span);
            if (tally == null) {
                makeRoomForSpan();
                tally = new Tally(at);
                spans.put(span, tally);
            }
            tally.add(at, differs, confirmed);
        }
    }

    /** What is to be written now: what was not written before, or else what has come since; null where there is nothing. */
    synchronized @Nullable Findings next() {
        if (handedOut == null && !(groups.isEmpty() && spans.isEmpty() && droppedTransient + droppedConfirmed == 0)) {
            handedOut = new Findings(
                    ++number,
                    take(groups, GROUPS_AT_ONCE),
                    take(spans, SPANS_AT_ONCE),
                    droppedTransient,
                    droppedConfirmed);
            droppedTransient = 0;
            droppedConfirmed = 0;
        }
        return handedOut;
    }

    /** What was handed out is written, or can never be. */
    synchronized void done() {
        handedOut = null;
    }

    synchronized boolean isEmpty() {
        return handedOut == null && groups.isEmpty() && spans.isEmpty();
    }

    private @Nullable Pending pending(GroupKey key, boolean confirmed, Instant at) {
        Pending known = groups.get(key);
        if (known == null) {
            if (groups.size() >= MOST_GROUPS && !(confirmed && dropOneThatWasNeverConfirmed())) {
                droppedConfirmed += confirmed ? 1 : 0;
                droppedTransient += confirmed ? 0 : 1;
                return null;
            }
            known = new Pending(at);
            groups.put(key, known);
        }
        return known;
    }

    private boolean dropOneThatWasNeverConfirmed() {
        Iterator<Pending> all = groups.values().iterator();
        while (all.hasNext()) {
            if (all.next().confirmedCalls() == 0) {
                all.remove();
                droppedTransient++;
                return true;
            }
        }
        return false;
    }

    /** Short spans are worth something for an hour only, long ones for weeks. */
    private void makeRoomForSpan() {
        if (spans.size() >= MOST_SPANS) {
            Span leastWorth = spans.keySet().stream()
                    .filter(span -> span.seconds() == Span.SHORT)
                    .findFirst()
                    .orElseGet(() -> spans.keySet().iterator().next());
            spans.remove(leastWorth);
        }
    }

    private static <K, V> Map<K, V> take(Map<K, V> all, int most) {
        Map<K, V> taken = new LinkedHashMap<>();
        Iterator<Map.Entry<K, V>> entries = all.entrySet().iterator();
        while (entries.hasNext() && taken.size() < most) {
            Map.Entry<K, V> entry = entries.next();
            taken.put(entry.getKey(), entry.getValue());
            entries.remove();
        }
        return taken;
    }

    /** What was handed out; nobody changes it any more. */
    record Findings(
            long number,
            Map<GroupKey, Pending> groups,
            Map<Span, Tally> spans,
            long droppedTransient,
            long droppedConfirmed) {}
}
