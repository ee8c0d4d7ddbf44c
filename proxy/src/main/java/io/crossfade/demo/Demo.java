package io.crossfade.demo;

import io.crossfade.Crossfade;
import io.crossfade.migration.Side;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.install.Installation;
import io.crossfade.shadow.install.Plan;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;

/**
 * Two databases, the proxy between them, and the bot's traffic, in this one process and its children.
 *
 * <p>Threading: {@link #start} and {@link #close} block, so they are not for an event loop. A close that comes while
 * the demo starts waits for it, so that no server is left behind.
 */
public final class Demo implements AutoCloseable {
    private final DemoOptions options;
    private final OpenParts parts = new OpenParts();

    public Demo(DemoOptions options) {
        this.options = options;
    }

    /** Starts everything; closes what it had started if something fails. */
    public RunningDemo start() {
        LoopbackPort.requireFree("--port", options.port());
        LoopbackPort.requireFree("--admin-port", options.adminPort());
        return parts.open(this::startParts);
    }

    private RunningDemo startParts() {
        EmbeddedSides sides = EmbeddedSides.start(options.dataDir());
        parts.closeWith(sides::close);
        Vertx vertx = Vertx.vertx();
        parts.closeWith("Vert.x did not stop", () -> vertx.close());
        Settings settings = DemoSettings.of(sides, options.port(), options.adminPort());
        install(vertx, settings);
        // From here on nothing is missed: what is equal now stays equal.
        List<String> differences = sides.differences();
        Crossfade crossfade =
                OpenParts.await("the proxy did not start", Crossfade.start(vertx, settings, differences.isEmpty()));
        parts.closeWith("the proxy did not stop", () -> crossfade.close());
        BotTraffic traffic = options.callsPerSecond() > 0 ? startTraffic(vertx, settings, crossfade) : null;
        return new RunningDemo(sides, differences, settings, crossfade, traffic);
    }

    /** Capture in both databases, as {@code crossfade install} puts it there; what is there already stays. */
    private static void install(Vertx vertx, Settings settings) {
        Map<Side, Plan> plans = OpenParts.await(
                "capture could not be installed",
                Installation.open(vertx, settings, List.of())
                        .compose(installation -> installation.apply().eventually(installation::close)));
        plans.forEach((side, plan) -> {
            if (!plan.refusals().isEmpty()) {
                throw new DemoFailure("capture could not be installed on " + side.label() + ": " + plan.refusals());
            }
        });
    }

    private BotTraffic startTraffic(Vertx vertx, Settings settings, Crossfade crossfade) {
        String key = settings.rest().serviceKeys().get(0);
        SupabaseClient client = new SupabaseClient(vertx, crossfade.restPort(), key, 1);
        BotTraffic traffic = new BotTraffic(vertx, client, options.callsPerSecond());
        parts.closeWith("the traffic did not stop", () -> traffic.stop().eventually(client::close));
        traffic.start();
        return traffic;
    }

    /** Stops everything in the reverse order of its start. */
    @Override
    public void close() {
        parts.close();
    }
}
