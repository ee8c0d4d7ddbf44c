package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.shadow.DeadLetterDesk;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * {@code POST /api/dead-letters/retry}, {@code …/{id}/retry} and {@code …/{id}/discard}: what an operator can do about rows
 * that a side would not take.
 */
final class DecideDeadLetters {
    private static final String DISCARDED =
            "The row stays different on the two sides until its key is written again on the authority.";

    private final DeadLetterDesk desk;

    DecideDeadLetters(DeadLetterDesk desk) {
        this.desk = desk;
    }

    void mountOn(Router router) {
        router.post("/api/dead-letters/retry").handler(this::retryAll);
        router.post("/api/dead-letters/:id/retry").handler(this::retry);
        router.post("/api/dead-letters/:id/discard").handler(this::discard);
    }

    private void retryAll(RoutingContext context) {
        Parameters parameters = Parameters.of(context, "repository");
        desk.retryAll(parameters.value("repository"))
                .onSuccess(counts -> {
                    JsonObject repositories = new JsonObject();
                    counts.forEach(repositories::put);
                    long sum =
                            counts.values().stream().mapToLong(Long::longValue).sum();
                    JsonResponse.send(
                            context, new JsonObject().put("retried", sum).put("repositories", repositories));
                })
                .onFailure(error -> fail(context, error));
    }

    private void retry(RoutingContext context) {
        LetterId id = id(context);
        answer(context, desk.retry(id.side(), id.number()), new JsonObject().put("retried", 1));
    }

    private void discard(RoutingContext context) {
        LetterId id = id(context);
        answer(
                context,
                desk.discard(id.side(), id.number()),
                new JsonObject().put("discarded", 1).put("note", DISCARDED));
    }

    private static LetterId id(RoutingContext context) {
        var unused = Parameters.of(context);
        return LetterId.read(context.pathParam("id"));
    }

    private static void answer(RoutingContext context, Future<Optional<String>> decided, JsonObject body) {
        decided.onSuccess(repository -> repository.ifPresentOrElse(
                        name -> JsonResponse.send(context, body.put("repository", name)),
                        () -> context.fail(LetterId.unknown())))
                .onFailure(error -> fail(context, error));
    }

    private static void fail(RoutingContext context, Throwable error) {
        context.fail(new Problem(
                Kind.UNAVAILABLE,
                "It is not known whether anything was changed: " + DeadLetterDesk.reason(error) + " Look again."));
    }
}
