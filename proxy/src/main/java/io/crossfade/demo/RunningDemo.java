package io.crossfade.demo;

import io.crossfade.Crossfade;
import io.crossfade.settings.Settings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A demo that answers calls.
 *
 * @param differences the tables that did not hold the same rows on both sides when it started
 * @param tally of the traffic; null where there is none
 */
public record RunningDemo(
        EmbeddedSides sides,
        List<String> differences,
        Settings settings,
        Crossfade crossfade,
        @Nullable TrafficTally tally) {
    public RunningDemo {
        differences = List.copyOf(differences);
    }

    /** Opens the REST front door. */
    public String serviceKey() {
        return settings.rest().serviceKeys().get(0);
    }
}
