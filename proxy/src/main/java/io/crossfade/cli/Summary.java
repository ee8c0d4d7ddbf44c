package io.crossfade.cli;

import io.crossfade.settings.AdminSettings;
import io.crossfade.settings.LoadedSettings;
import io.crossfade.settings.RestSettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a configuration comes to, in lines without any secret. */
final class Summary {
    private Summary() {}

    static List<String> of(LoadedSettings loaded) {
        Settings settings = loaded.settings();
        return List.of(
                line("REST", rest(settings.rest())),
                line("Admin", admin(settings.admin(), loaded.adminTokenMadeUp())),
                line("legacy", side(settings.legacy())),
                line("target", settings.target() == null ? "none: a plain REST front door" : side(settings.target())),
                line("Tables", repositories(settings)),
                line("Pins", Integer.toString(settings.pins().size())));
    }

    /** A line of a list with aligned names. */
    static String line(String name, String text) {
        return String.format(Locale.ROOT, "  %-7s %s", name, text);
    }

    /** An address for a browser; IPv6 addresses get their brackets. */
    static String url(String host, int port, String path) {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + path;
    }

    private static String rest(RestSettings rest) {
        int keys = rest.serviceKeys().size();
        return url(rest.host(), rest.port(), "/rest/v1") + ", schemas " + String.join(", ", rest.schemas()) + ", "
                + (keys == 0 ? "any local caller" : "callers with one of " + keys + " service key(s)");
    }

    private static String admin(AdminSettings admin, boolean tokenMadeUp) {
        return url(admin.host(), admin.port(), "/") + ", "
                + (tokenMadeUp
                        ? "token made up anew at every start"
                        : admin.everybody().stream()
                                .map(operator ->
                                        operator.name() + " (" + operator.role().label() + ")")
                                .collect(Collectors.joining(", ")));
    }

    private static String side(SideSettings side) {
        return side.address() + ", TLS "
                + side.connection().getSslMode().name().toLowerCase(Locale.ROOT).replace('_', '-')
                + ", at most " + side.poolSize() + " connections, statements up to "
                + side.statementTimeout().toMillis() + " ms";
    }

    private static String repositories(Settings settings) {
        if (settings.repositories().isEmpty()) {
            return "all in stage off";
        }
        return settings.repositories().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + " " + entry.getValue().stage().label())
                .collect(Collectors.joining(", ", "", ", all others off"));
    }
}
