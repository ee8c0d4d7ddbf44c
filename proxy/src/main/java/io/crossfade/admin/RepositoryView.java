package io.crossfade.admin;

import io.crossfade.gates.Gate;
import io.crossfade.migration.Stage;
import io.crossfade.observation.CallTally;
import io.crossfade.observation.CallTally.Counts;
import io.crossfade.rollout.Rollouts;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.RouteTable;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A repository as the admin API shows it: where it stands, and what was seen of it in the last minute. */
final class RepositoryView {
    private final Rollouts rollouts;
    private final CallTally tally;

    RepositoryView(Rollouts rollouts, CallTally tally) {
        this.rollouts = rollouts;
        this.tally = tally;
    }

    /** These repositories by name, each with the gates before its next stage. */
    Future<Map<String, JsonObject>> of(Collection<String> names, RouteTable table) {
        return rollouts.gates(names).map(gates -> {
            Map<String, JsonObject> views = new TreeMap<>();
            names.forEach(name -> views.put(
                    name, of(name, table, gates.getOrDefault(table.of(name).group(), List.of()))));
            return views;
        });
    }

    private JsonObject of(String name, RouteTable table, List<Gate> gates) {
        RepositoryRollout rollout = table.of(name);
        Counts counts = tally.of(name);
        JsonObject byOperation = new JsonObject();
        new TreeMap<>(rollout.rolloutByOperation())
                .forEach((operation, share) -> byOperation.put(operation.label(), share));
        return new JsonObject()
                .put("name", name)
                .put("group", rollout.group())
                .put("stage", rollout.stage().label())
                .put("rollout", rollout.rollout())
                .put("rolloutByOperation", byOperation)
                .put("acceptedStages", acceptedStages(rollout.stage()))
                .put(
                        "nextStage",
                        Rollouts.after(rollout.stage()).map(Stage::label).orElse(null))
                .put("gates", gates(gates))
                .put(
                        "callsPerMinute",
                        new JsonObject()
                                .put("legacy", counts(counts.legacyReads(), counts.legacyWrites()))
                                .put("target", counts(counts.targetReads(), counts.targetWrites())))
                .put("measuredRollout", measured(counts));
    }

    private JsonArray acceptedStages(Stage from) {
        JsonArray labels = new JsonArray();
        rollouts.reachableFrom(from).stream().map(Stage::label).forEach(labels::add);
        return labels;
    }

    private static JsonArray gates(List<Gate> gates) {
        JsonArray views = new JsonArray();
        for (Gate gate : gates) {
            OffsetDateTime at = gate.at();
            views.add(new JsonObject()
                    .put("name", gate.name())
                    .put("state", gate.state().label())
                    .put("reason", gate.reason())
                    .put("at", at == null ? null : at.toInstant().toString()));
        }
        return views;
    }

    private static JsonObject counts(long reads, long writes) {
        return new JsonObject().put("reads", reads).put("writes", writes);
    }

    /** The share of reads that the target did answer; null without reads, which is not the same as 0 %. */
    private static @Nullable Double measured(Counts counts) {
        long reads = counts.legacyReads() + counts.targetReads();
        return reads == 0 ? null : Math.round(10_000.0 * counts.targetReads() / reads) / 100.0;
    }
}
