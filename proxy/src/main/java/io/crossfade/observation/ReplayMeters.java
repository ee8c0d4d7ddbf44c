package io.crossfade.observation;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.AuthorityMoved;
import io.crossfade.observation.Observation.ReplayProgress;
import io.crossfade.observation.Observation.Replayed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** How far the shadows have come, and how long writes waited for an authority to move, as meters. Threads: any. */
final class ReplayMeters implements Observer {
    private final MeterRegistry registry;
    private final Meters<Key, Counter> rows = new Meters<>(this::rowsCounter);
    private final Meters<Key, Gauges> gauges = new Meters<>(this::gauges);
    private final Meters<Side, Timer> holds = new Meters<>(this::holdTimer);

    ReplayMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof Replayed replayed) {
            rows.of(new Key(replayed.group(), replayed.shadow())).increment(replayed.rows());
        } else if (observation instanceof ReplayProgress progress) {
            Gauges its = gauges.of(new Key(progress.group(), progress.shadow()));
            its.lagNanos().set(progress.lagNanos());
            its.deadLetters().set(progress.deadLetters());
        } else if (observation instanceof AuthorityMoved moved) {
            holds.of(moved.to()).record(moved.holdNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private Timer holdTimer(Side to) {
        return Timer.builder("crossfade.cutover.hold")
                .description("How long writes were held while an authority moved")
                .tag("direction", "to-" + to.label())
                .serviceLevelObjectives(Meters.BUCKETS)
                .register(registry);
    }

    private Counter rowsCounter(Key key) {
        return Counter.builder("crossfade.replayed.rows")
                .description("Rows brought to the shadow")
                .tag("group", key.group())
                .tag("direction", key.direction())
                .register(registry);
    }

    private Gauges gauges(Key key) {
        Gauges its = new Gauges(new AtomicLong(), new AtomicLong());
        Gauge.builder("crossfade.replay.lag.seconds", its.lagNanos(), nanos -> nanos.get() / 1e9)
                .description("How old the state is that the shadow shows")
                .tag("group", key.group())
                .tag("direction", key.direction())
                .strongReference(true)
                .register(registry);
        Gauge.builder("crossfade.dead.letters", its.deadLetters(), AtomicLong::get)
                .description("Rows that the shadow would not take")
                .tag("group", key.group())
                .tag("direction", key.direction())
                .strongReference(true)
                .register(registry);
        return its;
    }

    private record Key(String group, Side shadow) {
        String direction() {
            return "to-" + shadow.label();
        }
    }

    private record Gauges(AtomicLong lagNanos, AtomicLong deadLetters) {}
}
