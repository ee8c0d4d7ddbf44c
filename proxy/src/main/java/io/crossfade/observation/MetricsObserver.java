package io.crossfade.observation;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation.AuthorityMoved;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.ReplayProgress;
import io.crossfade.observation.Observation.Replayed;
import io.crossfade.observation.Observation.SideHealth;
import io.crossfade.observation.Observation.WriteAcknowledged;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times observations; {@code docs/reference/metrics.md} lists the meters.
 *
 * <p>A meter is looked up by a small key that is made anew for each call, so that the tags are put together once per
 * meter and not once per call. Threading: from any thread, without a lock once a meter exists.
 */
public final class MetricsObserver implements Observer {
    /** Around the few milliseconds that a call takes, up to the time after which clients give up. */
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(10)
    };

    private final MeterRegistry registry;
    private final CaptureMeters capture;
    private final GuardrailMeters guardrails;
    private final Map<TimerKey, Timer> timers = new ConcurrentHashMap<>();
    private final Map<RoutedKey, Counter> routed = new ConcurrentHashMap<>();
    private final Map<ReplayKey, Counter> replayed = new ConcurrentHashMap<>();
    private final Map<ReplayKey, ReplayGauges> replays = new ConcurrentHashMap<>();
    private final Map<AcknowledgedKey, Timer> acknowledged = new ConcurrentHashMap<>();
    private final Map<Side, AtomicInteger> up = new ConcurrentHashMap<>();

    public MetricsObserver(MeterRegistry registry) {
        this.registry = registry;
        this.capture = new CaptureMeters(registry);
        this.guardrails = new GuardrailMeters(registry);
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof CallServed served) {
            callServed(served);
        } else if (observation instanceof SideHealth health) {
            up.computeIfAbsent(health.side(), this::upGauge).set(health.up() ? 1 : 0);
        } else if (observation instanceof Replayed rows) {
            known(replayed, new ReplayKey(rows.group(), rows.shadow()), this::replayedCounter)
                    .increment(rows.rows());
        } else if (observation instanceof ReplayProgress progress) {
            ReplayGauges gauges =
                    known(replays, new ReplayKey(progress.group(), progress.shadow()), this::replayGauges);
            gauges.lagNanos().set(progress.lagNanos());
            gauges.deadLetters().set(progress.deadLetters());
        } else if (observation instanceof WriteAcknowledged write) {
            known(acknowledged, new AcknowledgedKey(write.repository(), write.result()), this::acknowledgedTimer)
                    .record(write.nanos(), TimeUnit.NANOSECONDS);
        } else if (observation instanceof AuthorityMoved moved) {
            Timer.builder("crossfade.cutover.hold")
                    .description("How long writes were held while an authority moved")
                    .tag("direction", "to-" + moved.to().label())
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry)
                    .record(moved.holdNanos(), TimeUnit.NANOSECONDS);
        } else {
            guardrails.observe(observation);
            capture.observe(observation);
        }
    }

    private void callServed(CallServed served) {
        known(timers, TimerKey.of(served), this::timer).record(served.nanos(), TimeUnit.NANOSECONDS);
        known(routed, RoutedKey.of(served), this::counter).increment();
    }

    /** Asks first, because {@code computeIfAbsent} may lock even where there is nothing to compute. */
    private static <K, M> M known(Map<K, M> meters, K key, Function<K, M> made) {
        M meter = meters.get(key);
        return meter != null ? meter : meters.computeIfAbsent(key, made);
    }

    private Timer timer(TimerKey key) {
        return Timer.builder("crossfade.calls")
                .description("From the arrival of a call to its answer")
                .serviceLevelObjectives(BUCKETS)
                .tag("repository", key.repository())
                .tag("operation", key.operation().label())
                .tag("side", label(key.side()))
                .tag("stage", key.stage() == null ? "none" : key.stage().label())
                .tag("outcome", key.outcome())
                .register(registry);
    }

    private Timer acknowledgedTimer(AcknowledgedKey key) {
        return Timer.builder("crossfade.ack.wait")
                .description("From the commit of a write to its answer, while the shadow is waited for")
                .serviceLevelObjectives(BUCKETS)
                .tag("repository", key.repository())
                .tag("outcome", key.result().label())
                .register(registry);
    }

    private Counter counter(RoutedKey key) {
        return Counter.builder("crossfade.routed")
                .description("Calls by the side that answered, and why it was that side")
                .tag("repository", key.repository())
                .tag("operation", key.operation().label())
                .tag("side", label(key.side()))
                .tag("reason", key.reason())
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

    private Counter replayedCounter(ReplayKey key) {
        return Counter.builder("crossfade.replayed.rows")
                .description("Rows brought to the shadow")
                .tag("group", key.group())
                .tag("direction", key.direction())
                .register(registry);
    }

    private ReplayGauges replayGauges(ReplayKey key) {
        ReplayGauges gauges = new ReplayGauges(new AtomicLong(), new AtomicLong());
        Gauge.builder("crossfade.replay.lag.seconds", gauges.lagNanos(), nanos -> nanos.get() / 1e9)
                .description("How old the state is that the shadow shows")
                .tag("group", key.group())
                .tag("direction", key.direction())
                .strongReference(true)
                .register(registry);
        Gauge.builder("crossfade.dead.letters", gauges.deadLetters(), AtomicLong::get)
                .description("Rows that the shadow would not take")
                .tag("group", key.group())
                .tag("direction", key.direction())
                .strongReference(true)
                .register(registry);
        return gauges;
    }

    private static String label(@Nullable Side side) {
        return side == null ? "none" : side.label();
    }

    private record ReplayKey(String group, Side shadow) {
        String direction() {
            return "to-" + shadow.label();
        }
    }

    private record ReplayGauges(AtomicLong lagNanos, AtomicLong deadLetters) {}

    private record AcknowledgedKey(String repository, WriteAcknowledged.Result result) {}

    private record TimerKey(
            String repository,
            Operation operation,
            @Nullable Side side,
            @Nullable Stage stage,
            String outcome) {
        static TimerKey of(CallServed served) {
            return new TimerKey(
                    served.repository(),
                    served.operation(),
                    served.side(),
                    served.stage(),
                    OutcomeLabel.of(served.code()));
        }
    }

    private record RoutedKey(
            String repository,
            Operation operation,
            @Nullable Side side,
            String reason) {
        static RoutedKey of(CallServed served) {
            return new RoutedKey(served.repository(), served.operation(), served.side(), served.reason());
        }
    }
}
