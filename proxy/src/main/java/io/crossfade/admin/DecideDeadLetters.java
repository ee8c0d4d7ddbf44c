package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.audit.AuditLog;
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
    private final AuditLog audit;

    DecideDeadLetters(DeadLetterDesk desk, AuditLog audit) {
        this.desk = desk;
        this.audit = audit;
    }

    void mountOn(Router router) {
        router.post("/api/dead-letters/retry").handler(this::retryAll);
        router.post("/api/dead-letters/:id/retry").handler(this::retry);
        router.post("/api/dead-letters/:id/discard").handler(this::discard);
    }

    private void retryAll(RoutingContext context) {
        Parameters parameters = Parameters.of(context, "repository");
        String repository = parameters.value("repository");
        told(context, "dead-letters-retried", new JsonObject().put("repository", repository))
                .compose(told -> desk.retryAll(repository))
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
        Future<Optional<String>> retried =
                told(context, "dead-letter-retried", id).compose(told -> desk.retry(id.side(), id.number()));
        answer(context, retried, new JsonObject().put("retried", 1));
    }

    private void discard(RoutingContext context) {
        LetterId id = id(context);
        Future<Optional<String>> discarded =
                told(context, "dead-letter-discarded", id).compose(told -> desk.discard(id.side(), id.number()));
        answer(context, discarded, new JsonObject().put("discarded", 1).put("note", DISCARDED));
    }

    private Future<Void> told(RoutingContext context, String kind, LetterId id) {
        return told(context, kind, new JsonObject().put("letter", id.side().label() + "-" + id.number()));
    }

    private Future<Void> told(RoutingContext context, String kind, JsonObject details) {
        return Audited.first(audit.append(Operator.of(context).name(), null, kind, details, ""));
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
        if (error instanceof Problem problem) {
            context.fail(problem);
            return;
        }
        context.fail(new Problem(
                Kind.UNAVAILABLE,
                "It is not known whether anything was changed: " + DeadLetterDesk.reason(error) + " Look again."));
    }
}
