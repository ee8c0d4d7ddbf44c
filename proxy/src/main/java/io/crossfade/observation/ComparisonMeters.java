package io.crossfade.observation;

import io.crossfade.call.Operation;
import io.crossfade.observation.Observation.ComparisonDropped;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.observation.Observation.WriteMismatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What comparisons came to, as meters. Threads: any. */
final class ComparisonMeters implements Observer {
    private final MeterRegistry registry;
    private final Meters<ComparedKey, Counter> compared = new Meters<>(this::comparedCounter);
    private final Meters<MismatchKey, Counter> mismatches = new Meters<>(this::mismatchCounter);
    private final Meters<String, Counter> dropped = new Meters<>(this::droppedCounter);

    ComparisonMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof ReadCompared read) {
            String repository = read.repositoryLabel();
            compared.of(new ComparedKey(repository, read.operation(), read.verdict()))
                    .increment();
            if (read.verdict() == ReadCompared.Verdict.MISMATCHED) {
                String state = read.confirmed() ? "confirmed" : "transient";
                read.kinds().stream()
                        .distinct()
                        .forEach(kind -> mismatches
                                .of(new MismatchKey(repository, kind, state))
                                .increment());
            }
        } else if (observation instanceof WriteMismatch write) {
            mismatches
                    .of(new MismatchKey(write.repository(), "write", "confirmed"))
                    .increment();
        } else if (observation instanceof ComparisonDropped drop) {
            dropped.of(drop.reason()).increment();
        }
    }

    private Counter comparedCounter(ComparedKey key) {
        return Counter.builder("crossfade.compared")
                .description("Reads that were compared after their answer")
                .tag("repository", key.repository())
                .tag("operation", key.operation().label())
                .tag("result", key.result().label())
                .register(registry);
    }

    private Counter mismatchCounter(MismatchKey key) {
        return Counter.builder("crossfade.mismatches")
                .description("Differences by their kind, and whether reading again showed the same")
                .tag("repository", key.repository())
                .tag("kind", key.kind())
                .tag("state", key.state())
                .register(registry);
    }

    private Counter droppedCounter(String reason) {
        return Counter.builder("crossfade.comparisons.dropped")
                .description("Reads that were to be compared and were not")
                .tag("reason", reason)
                .register(registry);
    }

    private record ComparedKey(String repository, Operation operation, ReadCompared.Verdict result) {}

    private record MismatchKey(String repository, String kind, String state) {}
}
