package io.crossfade.observation;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.CaptureSeen;
import io.crossfade.observation.Observation.JournalMeasured;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What the watchdog saw, as meters. Threads: any. */
final class CaptureMeters implements Observer {
    private final MeterRegistry registry;
    private final Map<Direction, AtomicLong> entries = new ConcurrentHashMap<>();
    private final Map<String, Values> groups = new ConcurrentHashMap<>();
    private final Map<Side, AtomicLong> bytes = new ConcurrentHashMap<>();

    CaptureMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof CaptureSeen seen) {
            Values values = groups.computeIfAbsent(seen.group(), this::register);
            values.red().set(seen.red() ? 1 : 0);
            Direction direction = new Direction(seen.group(), seen.authority());
            entries.computeIfAbsent(direction, this::register).set(seen.entries());
            // Nothing waits in the other direction: it is not this side's shadow any more.
            AtomicLong other = entries.get(direction.reversed());
            if (other != null) {
                other.set(0);
            }
            values.bypass().set(seen.bypassEntries());
        } else if (observation instanceof JournalMeasured measured) {
            bytes.computeIfAbsent(measured.side(), this::register).set(measured.bytes());
        }
    }

    private Values register(String group) {
        Values values = new Values(new AtomicLong(), new AtomicLong());
        Gauge.builder("crossfade.group.red", values.red(), AtomicLong::get)
                .description("1 while the shadow of the group cannot be relied on")
                .tag("group", group)
                .strongReference(true)
                .register(registry);
        FunctionCounter.builder("crossfade.bypass.writes", values.bypass(), AtomicLong::get)
                .description("Replayed entries that had not come through a proxy")
                .tag("group", group)
                .register(registry);
        return values;
    }

    private AtomicLong register(Direction direction) {
        AtomicLong value = new AtomicLong();
        Gauge.builder("crossfade.journal.entries", value, AtomicLong::get)
                .description("Journal entries that wait, counted up to a bound")
                .tag("group", direction.group())
                .tag("direction", "to-" + direction.authority().other().label())
                .strongReference(true)
                .register(registry);
        return value;
    }

    private AtomicLong register(Side side) {
        AtomicLong value = new AtomicLong();
        Gauge.builder("crossfade.journal.bytes", value, AtomicLong::get)
                .description("What the journal takes, with its index")
                .tag("side", side.label())
                .strongReference(true)
                .register(registry);
        return value;
    }

    private record Values(AtomicLong red, AtomicLong bypass) {}

    private record Direction(String group, Side authority) {
        Direction reversed() {
            return new Direction(group, authority.other());
        }
    }
}
