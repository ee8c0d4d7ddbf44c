package io.crossfade.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What capture costs one kind of upsert on one way to the database. Not for several threads at once. */
public final class CaptureCost {
    private final boolean durable;
    private final boolean proxied;
    private final BenchCase measured;
    private final Measurement without = new Measurement();
    private final Measurement with = new Measurement();
    private final List<Double> ratios = new ArrayList<>();

    CaptureCost(boolean durable, boolean proxied, BenchCase measured) {
        this.durable = durable;
        this.proxied = proxied;
        this.measured = measured;
    }

    void add(LoadRound.Result plain, LoadRound.Result captured) {
        without.add(plain);
        with.add(captured);
        if (plain.latencies().count() > 0 && captured.latencies().count() > 0) {
            ratios.add(mean(captured) / mean(plain));
        }
    }

    private static double mean(LoadRound.Result round) {
        return (double) round.nanos() / round.latencies().count();
    }

    /** Whether a commit waited for the disk, as on a real server. */
    public boolean durable() {
        return durable;
    }

    public boolean proxied() {
        return proxied;
    }

    public BenchCase measured() {
        return measured;
    }

    public Measurement without() {
        return without;
    }

    public Measurement with() {
        return with;
    }

    /** How many times as long a call takes with capture: the median of the rounds, 0 where none was measured. */
    public double ratio() {
        Collections.sort(ratios);
        return ratios.isEmpty() ? 0 : ratios.get(ratios.size() / 2);
    }
}
