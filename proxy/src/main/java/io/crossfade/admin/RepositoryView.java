package io.crossfade.admin;

import io.crossfade.gates.Gate;
import io.crossfade.guard.RolloutGuard;
import io.crossfade.guard.RolloutGuard.NextStep;
import io.crossfade.migration.Stage;
import io.crossfade.mismatch.Compared;
import io.crossfade.mismatch.MismatchDesk;
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
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A repository as the admin API shows it: where it stands, and what was seen of it in the last minute. */
final class RepositoryView {
    private final Rollouts rollouts;
    private final RolloutGuard guard;
    private final CallTally tally;
    private final MismatchDesk mismatches;

    RepositoryView(Rollouts rollouts, RolloutGuard guard, CallTally tally, MismatchDesk mismatches) {
        this.mismatches = mismatches;
        this.rollouts = rollouts;
        this.guard = guard;
        this.tally = tally;
    }

    /** One repository. */
    Future<JsonObject> of(String name, RouteTable table) {
        return of(List.of(name), table).map(views -> views.values().iterator().next());
    }

    /** These repositories by name, each with the gates before its next stage. */
    Future<Map<String, JsonObject>> of(Collection<String> names, RouteTable table) {
        Map<String, Future<Optional<NextStep>>> ramps = new TreeMap<>();
        names.forEach(name -> ramps.put(name, guard.ramp(name)));
        Future<Map<String, List<Gate>>> gates = rollouts.gates(names);
        return Future.join(gates, Future.join(List.copyOf(ramps.values()))).map(looked -> {
            Map<String, JsonObject> views = new TreeMap<>();
            ramps.forEach((name, ramp) -> views.put(
                    name,
                    of(name, table, gates.result().getOrDefault(table.of(name).group(), List.of()))
                            .put("ramp", ramp(ramp.result()))));
            return views;
        });
    }

    private static @Nullable JsonObject ramp(Optional<NextStep> next) {
        return next.map(step -> new JsonObject()
                        .put("next", step.share())
                        .put("notBefore", step.notBefore().toString()))
                .orElse(null);
    }

    private JsonArray guardrails(String group) {
        JsonArray views = new JsonArray();
        guard.readings(group)
                .forEach(reading -> views.add(new JsonObject()
                        .put("name", reading.rail().label())
                        .put("state", reading.state().label())
                        .put("reason", reading.words())));
        return views;
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
                .put("guardrails", guardrails(rollout.group()))
                .put(
                        "callsPerMinute",
                        new JsonObject()
                                .put("legacy", counts(counts.legacyReads(), counts.legacyWrites()))
                                .put("target", counts(counts.targetReads(), counts.targetWrites())))
                .put("measuredRollout", measured(counts))
                .put("comparedWithinADay", compared(mismatches.ofTheDay(name)));
    }

    /** Null where nothing was compared, which is not the same as no mismatch. */
    private static @Nullable JsonObject compared(@Nullable Compared compared) {
        return compared == null ? null : GetMismatches.view(compared);
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
