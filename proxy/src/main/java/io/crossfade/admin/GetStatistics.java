package io.crossfade.admin;

import io.crossfade.migration.Side;
import io.crossfade.statistics.Benchmark;
import io.crossfade.statistics.Benchmark.Hour;
import io.crossfade.statistics.Benchmark.Measured;
import io.crossfade.statistics.Numbers;
import io.crossfade.statistics.Sampled;
import io.crossfade.statistics.Sampled.NotCompared;
import io.crossfade.statistics.Statistics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/statistics}: one side against the other, from what all proxies have counted. */
final class GetStatistics {
    private static final Duration USUAL = Duration.ofDays(2);

    private final Counted counted;

    GetStatistics(Counted counted) {
        this.counted = counted;
    }

    void mountOn(Router router) {
        router.get("/api/statistics").handler(this::handle);
    }

    private void handle(RoutingContext context) {
        Duration since = Parameters.of(context, "since").span("since", USUAL, Statistics.KEPT);
        counted.statistics()
                .apply(since)
                .onSuccess(benchmark -> JsonResponse.send(context, view(benchmark, since)))
                .onFailure(context::fail);
    }

    private static JsonObject view(Benchmark benchmark, Duration since) {
        JsonArray rows = new JsonArray();
        benchmark.rows().forEach(row -> rows.add(view(row)));
        JsonArray hours = new JsonArray();
        benchmark.hours().forEach(hour -> hours.add(view(hour)));
        JsonArray sampled = new JsonArray();
        benchmark.sampled().forEach(reads -> sampled.add(view(reads)));
        return new JsonObject()
                .put("sinceSeconds", since.toSeconds())
                .put("rows", rows)
                .put("hours", hours)
                .put("sampled", sampled)
                .put("notAsked", silent(benchmark.silent()));
    }

    static JsonArray silent(List<Side> sides) {
        JsonArray silent = new JsonArray();
        sides.forEach(side -> silent.add(side.label()));
        return silent;
    }

    private static JsonObject view(Measured row) {
        return numbers(row.numbers())
                .put("repository", row.repository())
                .put("operation", row.operation())
                .put("side", row.side().label())
                .put("role", row.role().label());
    }

    private static JsonObject view(Hour hour) {
        return numbers(hour.numbers())
                .put("hour", hour.hour().toString())
                .put("side", hour.side().label())
                .put("role", hour.role().label());
    }

    private static JsonObject view(Sampled sampled) {
        JsonArray notCompared = new JsonArray();
        sampled.notCompared().forEach(reason -> notCompared.add(view(reason)));
        return new JsonObject()
                .put("repository", sampled.repository())
                .put("reads", sampled.reads())
                .put("compared", sampled.compared())
                .put("comparedPercent", sampled.share() / 100.0)
                .put("notCompared", notCompared);
    }

    private static JsonObject view(NotCompared reason) {
        Side side = reason.side();
        return new JsonObject()
                .put("reason", reason.reason())
                .put("side", side == null ? null : side.label())
                .put("reads", reason.reads());
    }

    private static JsonObject numbers(Numbers numbers) {
        return new JsonObject()
                .put("calls", numbers.calls())
                .put("errors", new JsonObject(new TreeMap<>(numbers.errors())))
                .put("rows", numbers.rows())
                .put("p50Ms", milliseconds(numbers.percentile(0.5)))
                .put("p99Ms", milliseconds(numbers.percentile(0.99)));
    }

    private static @Nullable Double milliseconds(double value) {
        return Double.isNaN(value) ? null : Math.round(value * 1_000) / 1_000.0;
    }
}
