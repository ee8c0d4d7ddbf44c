package io.crossfade.cli;

import io.crossfade.bench.HoldTimes;
import io.crossfade.demo.Latencies;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long writes were held, for people and for programs. */
final class HoldReport {
    private static final String LINE = "%-52s %8s %8s %8s";

    private HoldReport() {}

    static List<String> table(HoldTimes times) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, LINE, "milliseconds", "p50", "p99", "longest"));
        lines.add(line("writes held by a cutover", times.cutover()));
        lines.add(line("writes held by a rollback", times.rollback()));
        lines.add(line("every write of the load", times.calls()));
        lines.add("");
        lines.add("steps, there and back:");
        times.steps().forEach((step, took) -> lines.add(line(step, took)));
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "%d times there and back, durable commits, under %.0f writes/s that went on all the while; %d writes were due"
                        + " while all connections waited, and left out.",
                times.rounds(),
                times.perSecond(),
                times.leftOut()));
        return lines;
    }

    private static String line(String what, Latencies times) {
        return String.format(Locale.ROOT, LINE, what, number(times, 50), number(times, 99), number(times, 100));
    }

    private static String number(Latencies times, double percent) {
        return String.format(Locale.ROOT, "%.1f", times.percentile(percent));
    }

    static List<String> json(HoldTimes times) {
        JsonObject steps = new JsonObject();
        times.steps().forEach((step, took) -> steps.put(step, json(took)));
        return List.of(new JsonObject()
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("rounds", times.rounds())
                .put("writesPerSecond", times.perSecond())
                .put("cutoverHoldMillis", json(times.cutover()))
                .put("rollbackHoldMillis", json(times.rollback()))
                .put("writesLeftOut", times.leftOut())
                .put("stepMillis", steps)
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
