package io.crossfade.observation;

import io.crossfade.observation.Observation.GuardrailBreached;
import io.crossfade.observation.Observation.GuardrailJudged;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** What the guardrails said, as meters. Threads: any. */
final class GuardrailMeters implements Observer {
    private static final List<String> STATES = List.of("good", "bad", "no-data", "off");

    private final MeterRegistry registry;
    private final Map<Key, AtomicReference<String>> states = new ConcurrentHashMap<>();

    GuardrailMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof GuardrailJudged judged) {
            states.computeIfAbsent(new Key(judged.group(), judged.guardrail()), this::register)
                    .set(judged.state());
        } else if (observation instanceof GuardrailBreached breached) {
            registry.counter(
                            "crossfade.guardrail.breaches",
                            "group",
                            breached.group(),
                            "guardrail",
                            breached.guardrail(),
                            "action",
                            breached.action().label())
                    .increment();
        }
    }

    private AtomicReference<String> register(Key key) {
        AtomicReference<String> now = new AtomicReference<>("no-data");
        for (String state : STATES) {
            Gauge.builder("crossfade.guardrail", now, seen -> state.equals(seen.get()) ? 1 : 0)
                    .description("1 for what the guardrail last said, 0 for the others")
                    .tag("group", key.group())
                    .tag("guardrail", key.guardrail())
                    .tag("state", state)
                    .strongReference(true)
                    .register(registry);
        }
        return now;
    }

    private record Key(String group, String guardrail) {}
}
