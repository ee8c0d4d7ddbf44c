package io.crossfade.cli;

import io.crossfade.bench.Bench;
import io.crossfade.bench.Comparison;
import io.crossfade.bench.Measurement;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A measurement, for people and for programs. */
final class BenchReport {
    private static final int BAR = 30;

    private BenchReport() {}

    static List<String> table(List<Comparison> comparisons) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%-16s %7s | %28s | %28s | %5s",
                "",
                "",
                "straight to PostgreSQL",
                "through Crossfade",
                ""));
        lines.add(String.format(
                Locale.ROOT,
                "%-16s %7s | %10s %8s %8s | %10s %8s %8s | %5s",
                "case",
                "callers",
                "calls/s",
                "p50 ms",
                "p99 ms",
                "calls/s",
                "p50 ms",
                "p99 ms",
                "ratio"));
        for (Comparison comparison : comparisons) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-16s %7d | %s | %s | %5.2f",
                    comparison.measured().title(),
                    comparison.callers(),
                    numbers(comparison.straight()),
                    numbers(comparison.proxied()),
                    comparison.ratio()));
        }
        lines.add("");
        lines.add("Database, proxy and load generator shared this machine and took turns, "
                + Runtime.getRuntime().availableProcessors() + " processors: the ratio says more than the numbers.");
        return lines;
    }

    private static String numbers(Measurement measurement) {
        return String.format(
                Locale.ROOT,
                "%10.0f %8.2f %8.2f",
                measurement.perSecond(),
                measurement.percentile(50),
                measurement.percentile(99));
    }

    static List<String> json(List<Comparison> comparisons) {
        JsonArray cases = new JsonArray();
        for (Comparison comparison : comparisons) {
            cases.add(new JsonObject()
                    .put("case", comparison.measured().title())
                    .put("callers", comparison.callers())
                    .put("straight", json(comparison.straight()))
                    .put("proxied", json(comparison.proxied()))
                    .put("ratio", comparison.ratio()));
        }
        return List.of(new JsonObject()
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("cases", cases)
                .encodePrettily());
    }

    static JsonObject json(Measurement measurement) {
        return new JsonObject()
                .put("callsPerSecond", measurement.perSecond())
                .put("p50Milliseconds", measurement.percentile(50))
                .put("p99Milliseconds", measurement.percentile(99))
                .put("failures", measurement.failures());
    }

    static String progress(Bench bench) {
        int done = (int) (bench.progress() * BAR);
        return String.format(
                Locale.ROOT,
                "[%s%s] %3.0f %%  %s",
                "#".repeat(done),
                ".".repeat(BAR - done),
                bench.progress() * 100,
                bench.doing());
    }
}
