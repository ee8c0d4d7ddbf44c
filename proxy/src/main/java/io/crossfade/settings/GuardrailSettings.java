package io.crossfade.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits whose breach steps a rollout back. A limit that is null is off.
 *
 * @param window the shortest time after which what was seen is judged
 * @param minSamples how many calls a side must have answered before they are judged
 * @param badWindows how many windows in a row must be bad
 * @param errorRate percent of the target's calls that may fail by its own fault, beyond those of legacy
 * @param latencyFactor how many times as long as legacy the target may take at the 99th percentile
 * @param latencyFloor a 99th percentile that is good enough, whatever legacy does
 * @param maxLag how far the shadow may be behind
 * @param mismatchRate percent of the compared reads that may differ
 * @param coolDown how long after a breach nothing goes forward by itself, and the same alarm is not repeated
 */
public record GuardrailSettings(
        Duration window,
        int minSamples,
        int badWindows,
        @Nullable Double errorRate,
        @Nullable Double latencyFactor,
        Duration latencyFloor,
        @Nullable Duration maxLag,
        @Nullable Double mismatchRate,
        Duration coolDown) {
    public static final GuardrailSettings DEFAULTS = new GuardrailSettings(
            Duration.ofSeconds(10),
            50,
            3,
            2.0,
            2.0,
            Duration.ofMillis(50),
            Duration.ofSeconds(10),
            null,
            Duration.ofMinutes(10));
}
