package io.crossfade.guard;

import io.crossfade.guard.Mismatches.Compared;
import io.crossfade.guard.Reading.State;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.settings.GuardrailSettings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One group in one stage: what is seen of it now, and how many windows in a row were bad. A window ends when it is long
 * enough and the target has answered enough calls in it, so that little traffic takes longer rather than saying nothing.
 *
 * <p>Threads: calls are added from any; judged by one at a time.
 */
final class GroupWatch {
    /** What was seen longer ago than this says nothing about now. */
    private static final long LONGEST_WINDOW_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Stage stage;
    private final GuardrailSettings settings;
    private final Limits limits;
    private final Map<Rail, Reading> readings = new EnumMap<>(Rail.class);
    private final Map<Rail, Integer> badInRow = new EnumMap<>(Rail.class);
    private volatile Window window;

    GroupWatch(Stage stage, GuardrailSettings settings, long nanos) {
        this.stage = stage;
        this.settings = settings;
        this.limits = new Limits(settings);
        this.window = new Window(nanos);
    }

    Stage stage() {
        return stage;
    }

    void add(Side side, CallServed served) {
        window.add(side, served);
    }

    /**
     * Judges what there is.
     *
     * @param lag how far the shadow is behind, or null where nobody knows
     * @param compared what was compared since a moment
     * @return whether a window ended, and everything in it was good
     */
    synchronized boolean judge(long nanos, @Nullable Duration lag, LongFunction<Optional<Compared>> compared) {
        Window seen = window;
        take(limits.lag(lag));
        boolean full =
                limits.isFull(seen) && seen.age(nanos) >= settings.window().toNanos();
        boolean old = seen.age(nanos) >= LONGEST_WINDOW_NANOS;
        if (full || old) {
            window = new Window(nanos);
        }
        if (full) {
            ofWindow(seen, nanos, compared).forEach(this::take);
            return readings.values().stream()
                    .allMatch(reading -> reading.state() == State.GOOD || reading.state() == State.OFF);
        }
        for (Reading reading : ofWindow(window, nanos, compared)) {
            Reading before = readings.get(reading.rail());
            // What the last full window said stands until the next one is full, or until it says nothing any more.
            if (old || before == null || before.state() == State.NO_DATA) {
                readings.put(reading.rail(), reading.asOfYet());
            }
        }
        return false;
    }

    private List<Reading> ofWindow(Window seen, long nanos, LongFunction<Optional<Compared>> compared) {
        return List.of(
                limits.errors(seen), limits.latency(seen), limits.mismatches(compared.apply(nanos - seen.age(nanos))));
    }

    private void take(Reading reading) {
        readings.put(reading.rail(), reading);
        switch (reading.state()) {
            case BAD -> badInRow.merge(reading.rail(), 1, Integer::sum);
            case GOOD -> badInRow.remove(reading.rail());
            // Nothing was seen, and that is no reason to forget what was.
            case NO_DATA, OFF -> {}
        }
    }

    /** A guardrail that was bad often enough, where there is one. */
    synchronized Optional<Reading> breach() {
        return badInRow.entrySet().stream()
                .filter(entry -> entry.getValue() >= settings.badWindows())
                .map(entry -> readings.get(entry.getKey()))
                .findFirst();
    }

    synchronized List<Reading> readings() {
        return List.copyOf(readings.values());
    }
}
