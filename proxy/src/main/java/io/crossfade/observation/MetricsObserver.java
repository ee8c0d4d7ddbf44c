package io.crossfade.observation;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/**
 * Counts and times observations; {@code docs/reference/metrics.md} lists the meters. Labels are names of repositories and
 * groups that a database has, and a few words of our own: nobody can make up new ones by calling.
 *
 * <p>Threads: any, without a lock once a meter exists.
 */
public final class MetricsObserver implements Observer {
    private final Observer meters;

    public MetricsObserver(MeterRegistry registry) {
        this.meters = Observer.all(List.of(
                new CallMeters(registry),
                new SideMeters(registry),
                new ReplayMeters(registry),
                new ComparisonMeters(registry),
                new CaptureMeters(registry),
                new GuardrailMeters(registry)));
    }

    @Override
    public void observe(Observation observation) {
        meters.observe(observation);
    }
}
