package io.crossfade.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.migration.Side;
import io.crossfade.settings.AdminSettings;
import io.crossfade.settings.RestSettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.shadow.install.Installation;
import io.crossfade.shadow.install.Plan;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A running proxy between two databases that belong to one test class:
 *
 * <pre>
 * &#64;RegisterExtension
 * static final CrossfadeExtension crossfade = CrossfadeExtension.withBotData();
 * </pre>
 */
public final class CrossfadeExtension implements BeforeAllCallback, AfterAllCallback {
    /** What the admin API asks for. */
    public static final String ADMIN_TOKEN = "test-token";

    private static final long SECONDS = 30;

    private final List<String> scripts;
    private final UnaryOperator<Settings> configured;
    private final boolean bothSidesEqual;
    private TestDatabase legacy;
    private TestDatabase target;
    private Vertx vertx;
    private Crossfade crossfade;

    private CrossfadeExtension(List<String> scripts, UnaryOperator<Settings> configured, boolean bothSidesEqual) {
        this.scripts = scripts;
        this.configured = configured;
        this.bothSidesEqual = bothSidesEqual;
    }

    /** Both sides hold the booking bot's tables and rows. */
    public static CrossfadeExtension withBotData() {
        return new CrossfadeExtension(Scripts.bot(), UnaryOperator.identity(), false);
    }

    /** Both sides hold what these scripts make. */
    public static CrossfadeExtension withSql(String... scripts) {
        return new CrossfadeExtension(List.of(scripts), UnaryOperator.identity(), false);
    }

    /** The same, and then these scripts on both sides. */
    public CrossfadeExtension andSql(String... further) {
        List<String> all = new ArrayList<>(scripts);
        all.addAll(List.of(further));
        return new CrossfadeExtension(List.copyOf(all), configured, bothSidesEqual);
    }

    /** The same, with capture installed and every stage open that needs two equal databases. */
    public CrossfadeExtension withBothSidesEqual() {
        return new CrossfadeExtension(scripts, configured, true);
    }

    /** The same, with other settings. */
    public CrossfadeExtension configured(UnaryOperator<Settings> change) {
        return new CrossfadeExtension(scripts, settings -> change.apply(configured.apply(settings)), bothSidesEqual);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        legacy = PostgresServers.legacy().database(scripts);
        target = PostgresServers.target().database(scripts);
        vertx = Vertx.vertx();
        Settings settings = configured.apply(settings(legacy, target));
        if (bothSidesEqual) {
            install(vertx, settings);
        }
        crossfade = Crossfade.start(vertx, settings, bothSidesEqual).await(SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        try {
            if (crossfade != null) {
                crossfade.close().await(SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            if (vertx != null) {
                vertx.close().await(SECONDS, TimeUnit.SECONDS);
            }
            if (legacy != null) {
                legacy.drop();
            }
            if (target != null) {
                target.drop();
            }
        }
    }

    /** Puts capture into both databases, as {@code crossfade install} does. */
    public static void install(Vertx vertx, Settings settings) {
        Installation installation =
                Installation.open(vertx, settings, List.of()).await();
        Map<Side, Plan> plans =
                installation.apply().eventually(installation::close).await();
        assertThat(plans.values())
                .allSatisfy(plan -> assertThat(plan.refusals()).isEmpty());
    }

    /** The database that the application moves away from. */
    public TestDatabase legacy() {
        return legacy;
    }

    /** The database that the application moves to. */
    public TestDatabase target() {
        return target;
    }

    /** A client of the REST front door; paths start below {@code /rest/v1}. */
    public RestClient rest() {
        return new RestClient(url() + "/rest/v1");
    }

    /** What a supabase-js client is created with. */
    public String url() {
        return "http://127.0.0.1:" + crossfade.restPort();
    }

    public Crossfade proxy() {
        return crossfade;
    }

    /** What a proxy between these two databases is started with: defaults, on free ports. */
    public static Settings settings(TestDatabase legacy, TestDatabase target) {
        return settings(legacy.connectOptions(), target.connectOptions());
    }

    /** The same, where one is reached by a wire of the test's own. */
    public static Settings settings(PgConnectOptions legacy, PgConnectOptions target) {
        RestSettings defaults = RestSettings.DEFAULTS;
        return new Settings(
                SideSettings.at(legacy),
                SideSettings.at(target),
                new RestSettings(
                        "127.0.0.1",
                        0,
                        defaults.schemas(),
                        defaults.extraSearchPath(),
                        defaults.maxRows(),
                        List.of(),
                        defaults.maxBodySize()),
                new AdminSettings("127.0.0.1", 0, ADMIN_TOKEN),
                Map.of(),
                List.of());
    }
}
