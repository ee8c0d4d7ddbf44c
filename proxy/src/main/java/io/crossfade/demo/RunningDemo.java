package io.crossfade.demo;

import io.crossfade.Crossfade;
import io.crossfade.settings.Settings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A demo that answers calls.
 *
 * @param differences the tables that did not hold the same rows on both sides when it started
 * @param traffic null where there is none
 */
public record RunningDemo(
        EmbeddedSides sides,
        List<String> differences,
        Settings settings,
        Crossfade crossfade,
        @Nullable BotTraffic traffic) {
    public RunningDemo {
        differences = List.copyOf(differences);
    }

    /** Opens the REST front door. */
    public String serviceKey() {
        return settings.rest().serviceKeys().get(0);
    }

    /** What the traffic met so far; null where there is none. */
    public @Nullable TrafficTally tally() {
        return traffic == null ? null : traffic.tally();
    }

    /**
     * Ends the traffic, waits until the target has everything, and compares all tables row by row.
     *
     * @return the tables that differ; none where both databases are equal
     */
    public List<String> prove() {
        if (traffic != null) {
            Object unused = OpenParts.await("the traffic did not stop", traffic.stop());
        }
        Object unused = OpenParts.await("the target did not get everything", crossfade.caughtUp());
        return sides.differences();
    }
}
