package io.crossfade.demo;

import io.crossfade.Crossfade;
import io.crossfade.settings.Settings;
import org.jspecify.annotations.Nullable;

/**
 * A demo that answers calls.
 *
 * @param tally of the traffic; null where there is none
 */
public record RunningDemo(
        EmbeddedSides sides,
        Settings settings,
        Crossfade crossfade,
        @Nullable TrafficTally tally) {
    /** Opens the REST front door. */
    public String serviceKey() {
        return settings.rest().serviceKeys().get(0);
    }
}
