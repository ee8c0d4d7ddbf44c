package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.audit.AuditLog;
import io.crossfade.mismatch.FoundMismatch;
import io.crossfade.mismatch.MismatchDesk;
import io.crossfade.rollout.By;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** {@code POST /api/mismatches/{id}/resolve}: an operator says, with a reason, that the sides differ so no more. */
final class ResolveMismatch {
    private static final String EXAMPLE = "{\"reason\":\"the column is rounded on purpose\"}";

    private final MismatchDesk desk;
    private final AuditLog audit;

    ResolveMismatch(MismatchDesk desk, AuditLog audit) {
        this.desk = desk;
        this.audit = audit;
    }

    void mountOn(Router router) {
        router.post("/api/mismatches/:id/resolve").handler(JsonBody.reader()).handler(this::resolve);
    }

    private void resolve(RoutingContext context) {
        var unused = Parameters.of(context);
        By by = JsonBody.of(context, EXAMPLE, Set.of("reason")).by(Operator.of(context));
        if (by.reason().isEmpty()) {
            throw JsonBody.malformed("A mismatch is resolved with a 'reason', which is kept; such as " + EXAMPLE);
        }
        String id = context.pathParam("id");
        desk.find(id)
                .compose(found -> told(found.orElseThrow(GetMismatches::unknown), by))
                .compose(told -> desk.resolve(id, by.operator(), by.reason()))
                .onSuccess(resolved -> resolved.ifPresentOrElse(
                        group -> JsonResponse.send(context, GetMismatches.view(group)),
                        () -> context.fail(GetMismatches.unknown())))
                .onFailure(error -> context.fail(
                        error instanceof Problem
                                ? error
                                : new Problem(
                                        Kind.UNAVAILABLE,
                                        "It is not known whether anything was changed: " + GetMismatches.reason(error)
                                                + " Look again.")));
    }

    private Future<Void> told(FoundMismatch group, By by) {
        JsonObject details = new JsonObject()
                .put("mismatch", group.id())
                .put("repository", group.repository())
                .put("kind", group.kind())
                .put("columns", new JsonArray(group.columns()));
        return Audited.first(audit.append(by.operator(), null, "mismatch-resolved", details, by.reason()));
    }
}
