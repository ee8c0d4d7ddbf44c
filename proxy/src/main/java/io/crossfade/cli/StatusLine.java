package io.crossfade.cli;

import io.crossfade.demo.TrafficTally;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One line on a terminal that is written anew each second; nothing at all where the output is no terminal. */
final class StatusLine implements AutoCloseable {
    private final @Nullable ScheduledExecutorService timer;
    private final PrintWriter out;

    private StatusLine(@Nullable ScheduledExecutorService timer, PrintWriter out) {
        this.timer = timer;
        this.out = out;
    }

    static StatusLine show(@Nullable TrafficTally tally, PrintWriter out) {
        return tally == null ? new StatusLine(null, out) : show(() -> text(tally), out);
    }

    static StatusLine show(Supplier<String> text, PrintWriter out) {
        if (!Terminal.isThere()) {
            return new StatusLine(null, out);
        }
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "status-line");
            thread.setDaemon(true);
            return thread;
        });
        ScheduledFuture<?> refresh = timer.scheduleAtFixedRate(() -> write(text.get(), out), 0, 1, TimeUnit.SECONDS);
        if (refresh.isCancelled()) {
            throw new IllegalStateException("the status line was refused");
        }
        return new StatusLine(timer, out);
    }

    private static String text(TrafficTally tally) {
        return String.format(
                Locale.ROOT,
                "calls %,d   errors %,d   p50 %.1f ms   p99 %.1f ms",
                tally.calls(),
                tally.errors(),
                tally.latencies().percentile(50),
                tally.latencies().percentile(99));
    }

    private static void write(String text, PrintWriter out) {
        out.print("\r\033[K" + text);
        out.flush();
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.shutdownNow();
            out.print("\r\033[K");
            out.flush();
        }
    }
}
