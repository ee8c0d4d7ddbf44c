package io.crossfade.observation;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.WriteAcknowledged;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Calls as their callers see them, as meters. Threads: any. */
final class CallMeters implements Observer {
    private final MeterRegistry registry;
    private final Meters<TimerKey, Timer> timers = new Meters<>(this::timer);
    private final Meters<RoutedKey, Counter> routed = new Meters<>(this::counter);
    private final Meters<AcknowledgedKey, Timer> acknowledged = new Meters<>(this::acknowledgedTimer);

    CallMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof CallServed served) {
            timers.of(TimerKey.of(served)).record(served.nanos(), TimeUnit.NANOSECONDS);
            routed.of(RoutedKey.of(served)).increment();
        } else if (observation instanceof WriteAcknowledged write) {
            acknowledged
                    .of(new AcknowledgedKey(write.repository(), write.result()))
                    .record(write.nanos(), TimeUnit.NANOSECONDS);
        }
    }

    private Timer timer(TimerKey key) {
        return Timer.builder("crossfade.calls")
                .description("From the arrival of a call to its answer")
                .serviceLevelObjectives(Meters.BUCKETS)
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
                .serviceLevelObjectives(Meters.BUCKETS)
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

    private static String label(@Nullable Side side) {
        return side == null ? "none" : side.label();
    }

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
