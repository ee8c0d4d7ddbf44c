package io.crossfade.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Reads who is told of events. The DSN is never repeated, whatever is wrong with it. */
final class TelemetryReader {
    private TelemetryReader() {}

    static TelemetrySettings read(Section section) {
        Optional<String> dsn = section.read("sentryDsn", Parsers.text());
        if (dsn.isPresent() && !isDsn(dsn.get())) {
            section.report("sentryDsn", "is not a DSN as Sentry shows it, such as https://KEY@HOST/PROJECT");
        }
        return new TelemetrySettings(
                dsn.orElse(null),
                section.read("environment", Parsers.text()).orElse(TelemetrySettings.DEFAULTS.environment()),
                section.read("serverName", Parsers.text()).orElse(null));
    }

    private static boolean isDsn(String text) {
        try {
            URI uri = new URI(text);
            return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() != null
                    && uri.getPath().matches(".*/[0-9A-Za-z_-]+");
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
