package io.crossfade.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.TestDatabase;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What callers were told. A write that was acknowledged has to be there, once; one whose answer never came may have
 * happened or not. Threads: any, but one at a time for a key.
 */
final class Accounts {
    private static final String GONE = "gone";

    /** By key of a note: the versions that it may have. */
    private final Map<String, Set<String>> notes = new ConcurrentHashMap<>();

    /** By number of a total: what was added to it for certain, and what may have been. */
    private final Map<Integer, long[]> totals = new ConcurrentHashMap<>();

    private final AtomicLong acknowledged = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    void attempt(String key, long version) {
        notes.computeIfAbsent(key, absent -> ConcurrentHashMap.newKeySet()).add(String.valueOf(version));
        if (version == 1) {
            Objects.requireNonNull(notes.get(key)).add(GONE);
        }
    }

    void acknowledge(String key, long version) {
        Set<String> only = ConcurrentHashMap.newKeySet();
        only.add(String.valueOf(version));
        notes.put(key, only);
        acknowledged.incrementAndGet();
    }

    /** One was added to this total, or nobody knows whether it was. */
    void added(int total, boolean certain) {
        totals.computeIfAbsent(total, absent -> new long[2])[certain ? 0 : 1]++;
    }

    /** What must not happen to a caller. */
    void fail(String what) {
        failures.add(what);
    }

    long acknowledged() {
        return acknowledged.get();
    }

    void expectNoFailure() {
        assertThat(failures).isEmpty();
    }

    /** Waits until this many more writes were acknowledged. */
    void awaitMore(long more) {
        long before = acknowledged.get();
        MoveRig.await("writes go on", () -> acknowledged.get() >= before + more || !failures.isEmpty());
        expectNoFailure();
    }

    /** Every acknowledged write is in this database, and none twice. */
    void expectKept(TestDatabase database) {
        expectNoFailure();
        assertThat(database.rows("SELECT key FROM notes GROUP BY key HAVING count(*) > 1"))
                .as("written twice")
                .isEmpty();
        Map<String, String> found = new HashMap<>();
        database.rows("SELECT key, version FROM notes").forEach(row -> {
            int bar = row.indexOf('|');
            found.put(row.substring(0, bar), row.substring(bar + 1));
        });
        notes.forEach(
                (key, versions) -> assertThat(versions).as("note %s", key).contains(found.getOrDefault(key, GONE)));
        totals.forEach((total, added) -> assertThat(database.number("SELECT n FROM totals WHERE id = " + total))
                .as("total %s", total)
                .isBetween(added[0], added[0] + added[1]));
    }
}
