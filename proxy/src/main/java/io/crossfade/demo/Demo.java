package io.crossfade.demo;

import io.crossfade.Crossfade;
import io.crossfade.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Two databases, the proxy between them, and the bot's traffic, in this one process and its children.
 *
 * <p>Threading: {@link #start} and {@link #close} block, so they are not for an event loop. A close that comes while
 * the demo starts waits for it, so that no server is left behind; after a close nothing starts any more.
 */
public final class Demo implements AutoCloseable {
    private static final long SECONDS = 20;

    private final DemoOptions options;
    private final Deque<Runnable> opened = new ArrayDeque<>();
    private boolean closed;

    public Demo(DemoOptions options) {
        this.options = options;
    }

    /** Starts everything; closes what it had started if something fails. */
    public synchronized RunningDemo start() {
        if (closed) {
            throw new DemoFailure("stopped before it had started");
        }
        LoopbackPort.requireFree("--port", options.port());
        LoopbackPort.requireFree("--admin-port", options.adminPort());
        try {
            return startParts();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private RunningDemo startParts() {
        EmbeddedSides sides = EmbeddedSides.start(options.dataDir());
        opened.push(sides::close);
        Vertx vertx = Vertx.vertx();
        opened.push(() -> await("Vert.x did not stop", vertx.close()));
        Settings settings = DemoSettings.of(sides, options.port(), options.adminPort());
        Crossfade crossfade = await("the proxy did not start", Crossfade.start(vertx, settings, true));
        opened.push(() -> await("the proxy did not stop", crossfade.close()));
        if (options.callsPerSecond() <= 0) {
            return new RunningDemo(sides, settings, crossfade, null);
        }
        String key = settings.rest().serviceKeys().get(0);
        SupabaseClient client = new SupabaseClient(vertx, crossfade.restPort(), key, 1);
        BotTraffic traffic = new BotTraffic(vertx, client, options.callsPerSecond());
        opened.push(() -> await("the traffic did not stop", traffic.stop().eventually(client::close)));
        traffic.start();
        return new RunningDemo(sides, settings, crossfade, traffic.tally());
    }

    private static <T> T await(String complaint, Future<T> future) {
        try {
            return future.await(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new DemoFailure(complaint + " within " + SECONDS + " s", late);
        } catch (RuntimeException failure) {
            throw new DemoFailure(complaint + ": " + failure.getMessage(), failure);
        }
    }

    /** Stops everything in the reverse order of its start; a part that fails to stop does not keep the others. */
    @Override
    public synchronized void close() {
        closed = true;
        DemoFailure first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().run();
            } catch (RuntimeException failure) {
                first = first == null ? new DemoFailure(String.valueOf(failure.getMessage()), failure) : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
