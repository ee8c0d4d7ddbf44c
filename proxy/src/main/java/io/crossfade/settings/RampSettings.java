package io.crossfade.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a rollout that goes forward by itself.
 *
 * @param steps shares in percent, rising
 * @param soak how long each of them is kept at least
 */
public record RampSettings(List<Double> steps, Duration soak) {
    public static final RampSettings DEFAULTS =
            new RampSettings(List.of(1.0, 5.0, 25.0, 50.0, 100.0), Duration.ofMinutes(30));

    public RampSettings {
        steps = List.copyOf(steps);
    }

    /** The step that comes after a share; empty at the end. */
    public Optional<Double> after(double share) {
        return steps.stream().filter(step -> step > share).findFirst();
    }
}
