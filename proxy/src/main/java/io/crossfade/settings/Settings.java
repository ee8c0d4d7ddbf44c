package io.crossfade.settings;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All of the configuration.
 *
 * @param target null while there is only one database: then Crossfade is a plain REST front door to legacy
 * @param repositories by API name; a repository that is not named here has {@link RepositorySettings#DEFAULTS}
 * @param pins routing keys that always go to one side
 * @param journal how large the journal may grow
 */
public record Settings(
        SideSettings legacy,
        @Nullable SideSettings target,
        RestSettings rest,
        AdminSettings admin,
        Map<String, RepositorySettings> repositories,
        List<PinSettings> pins,
        JournalSettings journal) {
    public Settings {
        repositories = Map.copyOf(repositories);
        pins = List.copyOf(pins);
    }

    /** With the journal's default limits. */
    public Settings(
            SideSettings legacy,
            @Nullable SideSettings target,
            RestSettings rest,
            AdminSettings admin,
            Map<String, RepositorySettings> repositories,
            List<PinSettings> pins) {
        this(legacy, target, rest, admin, repositories, pins, JournalSettings.DEFAULTS);
    }

    /** The same with other limits of the journal. */
    public Settings with(JournalSettings limits) {
        return new Settings(legacy, target, rest, admin, repositories, pins, limits);
    }
}
