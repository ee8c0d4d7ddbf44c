package io.crossfade.settings;

import java.time.Duration;

/**
 * What must hold before a group goes forward.
 *
 * @param maxLag how far the shadow may be behind
 * @param bypassQuiet how long nobody may have written without the proxy; zero accepts such writers
 * @param soak how long no difference may have been seen; zero asks for nothing
 */
public record GateSettings(Duration maxLag, Duration bypassQuiet, Duration soak) {
    public static final GateSettings DEFAULTS =
            new GateSettings(Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofDays(2));
}
