package io.crossfade.cli;

import io.crossfade.bench.HoldTimes;
import io.crossfade.demo.Latencies;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** How long writes were held, for people and for programs. */
final class HoldReport {
    private static final String LINE = "%-28s %8s %8s %8s";

    private HoldReport() {}

    static List<String> table(HoldTimes times) {
        return List.of(
                String.format(Locale.ROOT, LINE, "milliseconds", "p50", "p99", "longest"),
                line("writes held by a cutover", times.cutover()),
                line("writes held by a rollback", times.rollback()),
                line("every write of the load", times.calls()),
                "",
                String.format(
                        Locale.ROOT,
                        "%d times there and back, durable commits, under %.0f writes/s that went on all the while.",
                        times.rounds(),
                        times.perSecond()));
    }

    private static String line(String what, Latencies times) {
        return String.format(Locale.ROOT, LINE, what, number(times, 50), number(times, 99), number(times, 100));
    }

    private static String number(Latencies times, double percent) {
        return String.format(Locale.ROOT, "%.1f", times.percentile(percent));
    }

    static List<String> json(HoldTimes times) {
        return List.of(new JsonObject()
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("rounds", times.rounds())
                .put("writesPerSecond", times.perSecond())
                .put("cutoverHoldMillis", json(times.cutover()))
                .put("rollbackHoldMillis", json(times.rollback()))
                .put("writeMillis", json(times.calls()))
                .encodePrettily());
    }

    private static JsonObject json(Latencies times) {
        return new JsonObject()
                .put("p50", times.percentile(50))
                .put("p99", times.percentile(99))
                .put("longest", times.percentile(100));
    }
}
