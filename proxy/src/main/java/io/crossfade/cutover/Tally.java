package io.crossfade.cutover;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what comes of a decision about many entries. Threads: any. */
final class Tally {
    private final Map<String, Long> done = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Long> refused = new TreeMap<>();
    private long changedSince;
    private long tables;

    synchronized void done(String group, long entries) {
        done.merge(group, entries, Long::sum);
    }

    synchronized void refused(String sqlState) {
        refused.merge(sqlState, 1L, Long::sum);
    }

    synchronized void changedSince() {
        changedSince++;
    }

    synchronized void table() {
        tables++;
    }

    synchronized void problem(String sentence) {
        problems.add(sentence);
    }

    /** Takes over what another one has counted. */
    void add(Tally other) {
        Decided counted = other.decided();
        other.byGroup().forEach(this::done);
        synchronized (this) {
            counted.refused().forEach((state, count) -> refused.merge(state, count, Long::sum));
            changedSince += counted.changedSince();
            tables += counted.tables();
        }
    }

    synchronized long sum() {
        return done.values().stream().mapToLong(Long::longValue).sum();
    }

    synchronized Map<String, Long> byGroup() {
        return Map.copyOf(done);
    }

    synchronized Decided decided() {
        return new Decided(sum(), changedSince, tables, refused, problems);
    }
}
