package io.crossfade.admin;

import io.crossfade.evidence.Evidence;
import io.crossfade.evidence.Evidence.Shape;
import io.crossfade.evidence.Proof;
import io.crossfade.evidence.RowsWatch.Gone;
import io.crossfade.evidence.ShapeNumbers;
import io.crossfade.migration.Side;
import io.crossfade.rollout.Rollouts;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code GET /api/evidence}: what comparing has proved, shape by shape, and what is alarming. A repository of which nothing was
 * compared is listed, too, because silence is no proof.
 */
final class GetEvidence {
    private final Counted counted;
    private final Rollouts rollouts;

    GetEvidence(Counted counted, Rollouts rollouts) {
        this.counted = counted;
        this.rollouts = rollouts;
    }

    void mountOn(Router router) {
        router.get("/api/evidence").handler(this::handle);
    }

    private void handle(RoutingContext context) {
        Duration since = Parameters.of(context, "since").span("since", Evidence.KEPT, Evidence.KEPT);
        counted.evidence()
                .apply(since)
                .onSuccess(known -> JsonResponse.send(context, view(known)))
                .onFailure(context::fail);
    }

    private JsonObject view(Evidence.Known known) {
        JsonArray shapes = new JsonArray();
        known.shapes().forEach(shape -> shapes.add(view(shape)));
        Set<String> silent = new TreeSet<>(rollouts.names());
        silent.removeAll(known.shapes().stream().map(Shape::repository).collect(Collectors.toSet()));
        silent.forEach(repository -> shapes.add(nothing(repository)));
        JsonArray alarms = new JsonArray();
        counted.rowsGone().get().forEach(gone -> alarms.add(view(gone)));
        counted.retired()
                .get()
                .forEach((alarm, at) -> alarms.add(new JsonObject()
                        .put("alarm", "retired side used")
                        .put("side", alarm.side().label())
                        .put("repository", null)
                        .put("detail", alarm.use().label())
                        .put("since", at.toString())));
        return new JsonObject()
                .put("shapes", shapes)
                .put("alarms", alarms)
                .put("notAsked", GetStatistics.silent(known.silent()));
    }

    private static JsonObject view(Gone gone) {
        return new JsonObject()
                .put("alarm", "rows gone")
                .put("side", gone.side().label())
                .put("repository", gone.repository())
                .put("detail", gone.shape())
                .put("since", gone.since().toString());
    }

    private static JsonObject view(Shape shape) {
        ShapeNumbers numbers = shape.numbers();
        JsonObject sides = new JsonObject();
        for (Side side : Side.values()) {
            sides.put(
                    side.label(),
                    new JsonObject()
                            .put("foundRows", numbers.of(side).found())
                            .put(
                                    "codes",
                                    new JsonObject(
                                            new TreeMap<>(numbers.of(side).codes()))));
        }
        return new JsonObject()
                .put("repository", shape.repository())
                .put("operation", shape.operation())
                .put("shape", shape.shape())
                .put("state", numbers.proof().label())
                .put("compared", numbers.compared())
                .put("differed", numbers.differed())
                .put("lastDay", shape.lastDay().toString().substring(0, 10))
                .put("sides", sides);
    }

    private static JsonObject nothing(String repository) {
        return new JsonObject()
                .put("repository", repository)
                .put("operation", null)
                .put("shape", null)
                .put("state", Proof.NOTHING_COMPARED.label())
                .put("compared", 0)
                .put("differed", 0)
                .put("lastDay", null)
                .put("sides", new JsonObject());
    }
}
