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
 * @param cutover how an authority moves
 */
public record Settings(
        SideSettings legacy,
        @Nullable SideSettings target,
        RestSettings rest,
        AdminSettings admin,
        Map<String, RepositorySettings> repositories,
        List<PinSettings> pins,
        JournalSettings journal,
        CutoverSettings cutover) {
    public Settings {
        repositories = Map.copyOf(repositories);
        pins = List.copyOf(pins);
    }

    /** With the default limits of the journal and of a cutover. */
    public Settings(
            SideSettings legacy,
            @Nullable SideSettings target,
            RestSettings rest,
            AdminSettings admin,
            Map<String, RepositorySettings> repositories,
            List<PinSettings> pins) {
        this(legacy, target, rest, admin, repositories, pins, JournalSettings.DEFAULTS, CutoverSettings.DEFAULTS);
    }

    /** The same with other limits of the journal. */
    public Settings with(JournalSettings limits) {
        return new Settings(legacy, target, rest, admin, repositories, pins, limits, cutover);
    }

    /** The same with other limits of a cutover. */
    public Settings with(CutoverSettings limits) {
        return new Settings(legacy, target, rest, admin, repositories, pins, journal, limits);
    }
}
