package io.crossfade.settings;

import org.jspecify.annotations.Nullable;

/**
 * Who is told of events that a person should see.
 *
 * @param sentryDsn where Sentry takes events; null for nowhere. Whoever knows it can send events, so it is shown nowhere
 * @param environment what Sentry shows the events under
 * @param serverName what Sentry shows as the machine; null for nothing
 */
public record TelemetrySettings(
        @Nullable String sentryDsn,
        String environment,
        @Nullable String serverName) {
    public static final TelemetrySettings DEFAULTS = new TelemetrySettings(null, "production", null);

    @Override
    public String toString() {
        return "TelemetrySettings[sentryDsn=" + (sentryDsn == null ? "none" : "***") + ", environment=" + environment
                + ", serverName=" + serverName + "]";
    }
}
