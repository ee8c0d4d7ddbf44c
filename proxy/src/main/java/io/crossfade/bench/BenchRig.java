package io.crossfade.bench;

import io.crossfade.Crossfade;
import io.crossfade.demo.DemoSettings;
import io.crossfade.demo.EmbeddedServer;
import io.crossfade.demo.OpenParts;
import io.crossfade.demo.ScratchDirectory;
import io.crossfade.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * All that a measurement needs: one embedded database with the demo's rows, the proxy before it on free ports, and a
 * load generator with event loops of its own.
 *
 * <p>Threading: {@link #start} and {@link #close} block; a close that comes during the start waits for it.
 */
public final class BenchRig implements AutoCloseable {
    private final BenchOptions options;
    private final OpenParts parts = new OpenParts();

    public BenchRig(BenchOptions options) {
        this.options = options;
    }

    /** Starts everything; closes what it had started if something fails. */
    public Bench start() {
        return parts.open(this::startParts);
    }

    private Bench startParts() {
        ScratchDirectory scratch = ScratchDirectory.create();
        parts.closeWith(scratch::close);
        EmbeddedServer server = EmbeddedServer.loaded("bench", scratch.path(), false);
        parts.closeWith(server::close);
        Settings settings = DemoSettings.of(server);
        Vertx proxyVertx = Vertx.vertx();
        parts.closeWith("Vert.x did not stop", () -> proxyVertx.close());
        Crossfade crossfade = OpenParts.await("the proxy did not start", Crossfade.start(proxyVertx, settings, false));
        parts.closeWith("the proxy did not stop", () -> crossfade.close());
        Vertx vertx = Vertx.vertx();
        parts.closeWith("Vert.x did not stop", () -> vertx.close());
        StraightToPostgres straight = new StraightToPostgres(vertx, server.connection(), options.mostCallers());
        String key = settings.rest().serviceKeys().get(0);
        ThroughProxy proxied = new ThroughProxy(vertx, crossfade.restPort(), key, options.mostCallers());
        parts.closeWith("the load did not stop", () -> Future.join(straight.close(), proxied.close()));
        return new Bench(vertx, straight, proxied, options);
    }

    /** Stops everything in the reverse order of its start. */
    @Override
    public void close() {
        parts.close();
    }
}
