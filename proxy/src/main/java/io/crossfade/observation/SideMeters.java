package io.crossfade.observation;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.observation.Observation.RetiredSideUsed;
import io.crossfade.observation.Observation.RowsGone;
import io.crossfade.observation.Observation.SideAnswer;
import io.crossfade.observation.Observation.SideHealth;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How each of the two sides does, and what is wrong with it, as meters. Threads: any. */
final class SideMeters implements Observer {
    private final MeterRegistry registry;
    private final Meters<AnswerKey, Timer> answers = new Meters<>(this::timer);
    private final Meters<Side, AtomicInteger> up = new Meters<>(this::upGauge);
    private final Meters<GoneKey, Counter> gone = new Meters<>(this::goneCounter);
    private final Meters<UseKey, Counter> uses = new Meters<>(this::useCounter);

    SideMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof CallServed served && served.answer() != null) {
            count(served.repository(), served.operation(), "answering", served.answer());
        } else if (observation instanceof ReadCompared compared) {
            String repository = compared.repositoryLabel();
            count(repository, compared.operation(), "comparing", compared.authority());
            count(repository, compared.operation(), "comparing", compared.shadow());
        } else if (observation instanceof SideHealth health) {
            up.of(health.side()).set(health.up() ? 1 : 0);
        } else if (observation instanceof RowsGone shape) {
            gone.of(new GoneKey(shape.repository(), shape.side())).increment();
        } else if (observation instanceof RetiredSideUsed used) {
            uses.of(new UseKey(used.side(), used.use())).increment((double) used.count());
        }
    }

    private void count(String repository, Operation operation, String role, SideAnswer answer) {
        answers.of(new AnswerKey(repository, operation, answer.side(), role))
                .record(answer.nanos(), TimeUnit.NANOSECONDS);
    }

    private Timer timer(AnswerKey key) {
        return Timer.builder("crossfade.side")
                .description("How long a side took, of calls that it answered and of reads that were compared")
                .serviceLevelObjectives(Meters.BUCKETS)
                .tag("repository", key.repository())
                .tag("operation", key.operation().label())
                .tag("side", key.side().label())
                .tag("role", key.role())
                .register(registry);
    }

    private AtomicInteger upGauge(Side side) {
        AtomicInteger value = new AtomicInteger();
        Gauge.builder("crossfade.side.up", value, AtomicInteger::get)
                .description("1 while the side answers")
                .tag("side", side.label())
                .strongReference(true)
                .register(registry);
        return value;
    }

    private Counter goneCounter(GoneKey key) {
        return Counter.builder("crossfade.rows.gone")
                .description("Shapes of reads that found rows on a side and then did not any more")
                .tag("repository", key.repository())
                .tag("side", key.side().label())
                .register(registry);
    }

    private Counter useCounter(UseKey key) {
        return Counter.builder("crossfade.retired.side.uses")
                .description("What others than the proxies did on a side that has not the authority")
                .tag("side", key.side().label())
                .tag("kind", key.use().label())
                .register(registry);
    }

    private record AnswerKey(String repository, Operation operation, Side side, String role) {}

    private record GoneKey(String repository, Side side) {}

    private record UseKey(Side side, RetiredSideUsed.Use use) {}
}
