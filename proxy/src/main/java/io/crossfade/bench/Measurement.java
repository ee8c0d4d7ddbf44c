package io.crossfade.bench;

import io.crossfade.demo.Latencies;

/** All rounds of one contender in one case with one number of callers. */
public final class Measurement {
    private final Latencies latencies = new Latencies();
    private long nanos;
    private long failures;

    void add(LoadRound.Result round) {
        latencies.add(round.latencies());
        nanos += round.nanos();
        failures += round.failures();
    }

    public double perSecond() {
        return nanos == 0 ? 0 : latencies.count() * 1e9 / nanos;
    }

    /** In milliseconds. */
    public double percentile(double percent) {
        return latencies.percentile(percent);
    }

    public long failures() {
        return failures;
    }
}
