package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.work.Step;
import io.crossfade.work.Work;
import io.crossfade.work.Works;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code GET /api/operations} and {@code GET /api/operations/{id}}: long work of this instance, step by step. */
final class GetOperations {
    static final String PATH = "/api/operations/";

    private static final int LONGEST_SECONDS = 20;

    private final Works works;
    private final Waiting waiting;

    GetOperations(Works works) {
        this.works = works;
        this.waiting = new Waiting(works);
    }

    void mountOn(Router router) {
        router.get("/api/operations").handler(this::list);
        router.get(PATH + ":id").handler(this::show);
    }

    private void list(RoutingContext context) {
        JsonArray operations = new JsonArray();
        works.list().forEach(work -> operations.add(view(work)));
        JsonResponse.send(context, new JsonObject().put("operations", operations));
    }

    private void show(RoutingContext context) {
        Parameters parameters = Parameters.of(context, "wait", "steps");
        int seconds = parameters.number("wait", 0, LONGEST_SECONDS);
        int steps = parameters.number("steps", 0, 999_999_999);
        Work work = works.find(context.pathParam("id"))
                .orElseThrow(
                        () -> new Problem(
                                Kind.UNKNOWN_OPERATION,
                                "This instance knows no operation of that id: another one may have begun it, or this one has restarted"));
        if (seconds == 0) {
            JsonResponse.send(context, view(work));
        } else {
            waiting.answer(context, work, steps, seconds * 1_000L, then -> JsonResponse.send(context, view(then)));
        }
    }

    static JsonObject view(Work work) {
        JsonArray steps = new JsonArray();
        work.steps().forEach(step -> steps.add(view(step)));
        JsonArray groups = new JsonArray();
        new TreeSet<>(work.groups()).forEach(groups::add);
        return new JsonObject()
                .put("id", work.id())
                .put("kind", work.kind())
                .put("groups", groups)
                .put("startedBy", work.startedBy())
                .put("startedAt", work.startedAt().toString())
                .put("state", work.state().label())
                .put("steps", steps)
                .put("outcome", work.outcome())
                .put("report", new JsonObject(new TreeMap<>(work.report())));
    }

    private static JsonObject view(Step step) {
        return new JsonObject()
                .put("name", step.name())
                .put("state", step.state().label())
                .put("millis", step.micros() / 1_000.0)
                .put("detail", step.detail());
    }
}
