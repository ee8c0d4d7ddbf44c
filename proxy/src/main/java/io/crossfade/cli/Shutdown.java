package io.crossfade.cli;

import io.crossfade.Crossfade;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Keeps a started proxy running until the process is told to stop, then closes it: calls in flight finish first. */
final class Shutdown {
    private static final int SECONDS = 10;

    private Shutdown() {}

    /** Returns when everything is closed, at the latest 10 s after Ctrl+C or SIGTERM. */
    static void await(Vertx vertx, Crossfade crossfade, PrintWriter err) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            close(vertx, crossfade, err);
                            stopped.countDown();
                        },
                        "crossfade-shutdown"));
        stopped.await();
    }

    private static void close(Vertx vertx, Crossfade crossfade, PrintWriter err) {
        try {
            crossfade.close().eventually(vertx::close).await(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            err.println("Calls were still in flight after " + SECONDS + " s; they were cut off.");
        } catch (RuntimeException e) {
            err.println("Closing failed: " + StartFailure.reason(e));
        }
        err.flush();
    }
}
