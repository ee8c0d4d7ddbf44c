package io.crossfade.demo;

import io.crossfade.migration.Stage;
import io.crossfade.settings.AdminSettings;
import io.crossfade.settings.GateSettings;
import io.crossfade.settings.GuardrailSettings;
import io.crossfade.settings.RampSettings;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.RestSettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The settings of a demo: two embedded databases, new secrets, every repository shadowed. */
public final class DemoSettings {
    private static final int SECRET_BYTES = 16;

    private DemoSettings() {}

    static Settings of(EmbeddedSides sides, int port, int adminPort) {
        return new Settings(
                        SideSettings.at(sides.legacy().connection()),
                        SideSettings.at(sides.target().connection()),
                        rest(port),
                        admin(adminPort),
                        sides.tables().stream().collect(Collectors.toMap(Function.identity(), table -> shadowed())),
                        List.of())
                .with(gates(), GuardrailSettings.DEFAULTS, RampSettings.DEFAULTS);
    }

    /** Nobody tries a demo for two days. */
    private static GateSettings gates() {
        GateSettings usual = GateSettings.DEFAULTS;
        return new GateSettings(usual.maxLag(), usual.bypassQuiet(), Duration.ZERO);
    }

    private static RepositorySettings shadowed() {
        RepositorySettings usual = RepositorySettings.DEFAULTS;
        return new RepositorySettings(null, usual.stickyBy(), Stage.SHADOW, 0, Map.of());
    }

    /** One database and no rollout, for measuring. */
    public static Settings of(EmbeddedServer only) {
        return new Settings(SideSettings.at(only.connection()), null, rest(0), admin(0), Map.of(), List.of());
    }

    /** Two databases and one repository in stage rollout, for measuring. */
    public static Settings of(EmbeddedServer legacy, EmbeddedServer target, String repository) {
        RepositorySettings usual = RepositorySettings.DEFAULTS;
        return new Settings(
                SideSettings.at(legacy.connection()),
                SideSettings.at(target.connection()),
                rest(0),
                admin(0),
                Map.of(repository, new RepositorySettings(null, usual.stickyBy(), Stage.ROLLOUT, 50, Map.of())),
                List.of());
    }

    private static RestSettings rest(int port) {
        RestSettings usual = RestSettings.DEFAULTS;
        return new RestSettings(
                usual.host(),
                port,
                usual.schemas(),
                usual.extraSearchPath(),
                usual.maxRows(),
                List.of(secret()),
                usual.maxBodySize());
    }

    private static AdminSettings admin(int port) {
        return new AdminSettings("127.0.0.1", port, secret());
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
