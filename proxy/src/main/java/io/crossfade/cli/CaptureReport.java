package io.crossfade.cli;

import io.crossfade.bench.CaptureCost;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What capture costs, for people and for programs. */
final class CaptureReport {
    private static final String LINE = "%-16s %-8s %-8s | %10s %8s | %10s %8s | %5s";

    private CaptureReport() {}

    static List<String> table(List<CaptureCost> costs) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT, LINE, "case", "way", "commits", "without/s", "p50 ms", "with/s", "p50 ms", "cost"));
        for (CaptureCost cost : costs) {
            lines.add(String.format(
                    Locale.ROOT,
                    LINE,
                    cost.measured().title(),
                    way(cost),
                    cost.durable() ? "durable" : "unsynced",
                    number("%.0f", cost.without().perSecond()),
                    number("%.2f", cost.without().percentile(50)),
                    number("%.0f", cost.with().perSecond()),
                    number("%.2f", cost.with().percentile(50)),
                    number("%.2f", cost.ratio())));
        }
        lines.add("");
        lines.add(
                "The cost is how many times as long a call takes with capture, the median of rounds that took turns.");
        lines.add(
                "A caller of a real server sees the durable lines; without syncing there is little else to wait for.");
        return lines;
    }

    private static String way(CaptureCost cost) {
        return cost.proxied() ? "proxy" : "straight";
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    static List<String> json(List<CaptureCost> costs) {
        JsonArray cases = new JsonArray();
        for (CaptureCost cost : costs) {
            cases.add(new JsonObject()
                    .put("case", cost.measured().title())
                    .put("way", way(cost))
                    .put("durable", cost.durable())
                    .put("without", BenchReport.json(cost.without()))
                    .put("with", BenchReport.json(cost.with()))
                    .put("cost", cost.ratio()));
        }
        return List.of(new JsonObject()
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("cases", cases)
                .encodePrettily());
    }
}
