package io.crossfade.rollout;

import io.crossfade.migration.Stage;
import io.crossfade.settings.AdminSettings;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.RestSettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.vertx.pgclient.PgConnectOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Configurations to begin from. */
public final class RolloutFixture {
    public static final String TOKEN = "a-token-of-the-tests";

    private static final SideSettings SIDE = SideSettings.at(new PgConnectOptions()
            .setHost("127.0.0.1")
            .setPort(5432)
            .setDatabase("app")
            .setUser("someone")
            .setPassword("hidden"));

    private RolloutFixture() {}

    /** Two databases. */
    public static Settings twoSides(Map<String, RepositorySettings> repositories) {
        return settings(SIDE, repositories);
    }

    /** One database. */
    public static Settings legacyAlone() {
        return settings(null, Map.of());
    }

    /** A repository of a group. */
    public static RepositorySettings inGroup(String group, Stage stage, double rollout) {
        return new RepositorySettings(group, List.of("phone"), stage, rollout, Map.of());
    }

    private static Settings settings(@Nullable SideSettings target, Map<String, RepositorySettings> repositories) {
        return new Settings(
                SIDE, target, RestSettings.DEFAULTS, new AdminSettings("127.0.0.1", 0, TOKEN), repositories, List.of());
    }
}
