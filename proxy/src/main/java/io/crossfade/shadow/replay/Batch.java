package io.crossfade.shadow.replay;

import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One step of a leader: a snapshot of the authority, the transaction on the shadow, and only after its commit the end of
 * the entries. A crash between the two commits repeats work and loses none.
 */
final class Batch {
    /** A quarter of the smallest heap that the proxy is meant for, at two bytes each. */
    static final long MOST_CHARACTERS = 32L * 1024 * 1024;

    /** Counts the entries that did not come through a proxy where they go, so that each is counted once. */
    private static final String DONE = """
            WITH done AS (DELETE FROM crossfade.journal WHERE id = ANY ($1) RETURNING repository, bypass)
            UPDATE crossfade.repository AS r SET bypass_entries = r.bypass_entries + b.entries, bypass_seen_at = now()
            FROM (SELECT repository, count(*) AS entries FROM done WHERE bypass GROUP BY repository) AS b
            WHERE r.id = b.repository""";

    private final Session authority;
    private final SnapshotReader reader;
    private final Applier applier;
    private final DeadLetterBox deadLetters;
    private @Nullable OffsetDateTime asOf;
    private long seenNanos = System.nanoTime();

    Batch(Session authority, SnapshotReader reader, Applier applier, DeadLetterBox deadLetters) {
        this.authority = authority;
        this.reader = reader;
        this.applier = applier;
        this.deadLetters = deadLetters;
    }

    Outcome replay(int sliceKeys) {
        long start = System.nanoTime();
        Snapshot snapshot = reader.read(sliceKeys, deadLetters.due());
        if (snapshot == null) {
            return outcome(0, 0, true, 0, start, Map.of(), Map.of());
        }
        if (snapshot.rows().isEmpty() && !snapshot.more()) {
            applier.show(snapshot.asOf());
            end(snapshot.entries());
            shown(snapshot);
            return outcome(0, 0, false, 0, start, Map.of(), Map.of());
        }
        Applier.Result result = applier.apply(snapshot);
        end(snapshot.entries());
        if (!snapshot.more()) {
            shown(snapshot);
        }
        return outcome(
                result.rows(),
                snapshot.entries().size(),
                snapshot.more(),
                characters(snapshot),
                start,
                result.refused(),
                result.differences());
    }

    private void end(List<Long> entries) {
        if (!entries.isEmpty()) {
            authority.run(DONE, Tuple.of((Object) entries.toArray(Long[]::new)));
        }
    }

    private void shown(Snapshot snapshot) {
        asOf = snapshot.asOf();
        seenNanos = snapshot.seenNanos();
    }

    private Outcome outcome(
            int rows,
            int entries,
            boolean more,
            long characters,
            long start,
            Map<RowImage, Refusal> refused,
            Map<String, Set<String>> differences) {
        Progress progress = new Progress(true, asOf, seenNanos, more ? entries : 0, more, deadLetters.size(), null);
        return new Outcome(progress, rows, characters, System.nanoTime() - start, refused, differences);
    }

    private static long characters(Snapshot snapshot) {
        long sum = 0;
        for (RowImage row : snapshot.rows()) {
            List<@Nullable String> values = row.values();
            if (values != null) {
                for (String value : values) {
                    sum += value == null ? 0 : value.length();
                }
            }
        }
        return sum;
    }

    /**
     * What a step came to.
     *
     * @param rows how many rows the shadow took
     * @param characters how much the rows held
     */
    record Outcome(
            Progress progress,
            int rows,
            long characters,
            long nanos,
            Map<RowImage, Refusal> refused,
            Map<String, Set<String>> differences) {
        /** Whether there was anything to do. */
        boolean moved() {
            return rows > 0 || progress.catchingUp() || !refused.isEmpty();
        }
    }
}
