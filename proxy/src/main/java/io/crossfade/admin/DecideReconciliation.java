package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.audit.AuditLog;
import io.crossfade.cutover.Decided;
import io.crossfade.cutover.Reconciliation;
import io.crossfade.cutover.Reconciliation.Selection;
import io.crossfade.migration.Side;
import io.crossfade.rollout.By;
import io.crossfade.shadow.DeadLetterDesk;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/reconciliation/{side}/{id}/apply}, {@code …/discard}, and both for many at once: what an operator decides
 * about the rows that a forced rollback left behind.
 */
final class DecideReconciliation {
    private static final String OF_ONE = "{\"overwrite\":true,\"reason\":\"the target was right\"}";
    private static final String OF_MANY = "{\"repository\":\"clients\",\"reason\":\"the target was right\"}";

    private final Optional<Reconciliation> reconciliation;
    private final AuditLog audit;

    DecideReconciliation(Optional<Reconciliation> reconciliation, AuditLog audit) {
        this.reconciliation = reconciliation;
        this.audit = audit;
    }

    void mountOn(Router router) {
        for (Decision decision : Decision.values()) {
            router.post("/api/reconciliation/" + decision.word)
                    .handler(JsonBody.reader())
                    .handler(context -> many(context, decision));
            router.post("/api/reconciliation/:side/:id/" + decision.word)
                    .handler(JsonBody.reader())
                    .handler(context -> one(context, decision));
        }
    }

    private void one(RoutingContext context, Decision decision) {
        JsonBody body = JsonBody.ofOptional(context, OF_ONE, decision.keys());
        Selection entry = Selection.one(side(context.pathParam("side")), number(context.pathParam("id")));
        decide(context, decision, entry, body)
                .onSuccess(decided -> {
                    if (!decided.problems().isEmpty()) {
                        context.fail(new Problem(Kind.UNAVAILABLE, String.join(" ", decided.problems())));
                    } else if (decided.done() + decided.changedSince() + decided.tables() == 0
                            && decided.refused().isEmpty()) {
                        context.fail(unknown());
                    } else {
                        JsonResponse.send(context, view(decided));
                    }
                })
                .onFailure(error -> fail(context, error));
    }

    private void many(RoutingContext context, Decision decision) {
        JsonBody body = JsonBody.of(context, OF_MANY, decision.keys("repository", "all"));
        @Nullable String repository = body.text("repository");
        if (body.flag("all") == (repository != null)) {
            throw JsonBody.malformed("Say which: either 'repository', or 'all': true");
        }
        Selection which = repository == null ? Selection.everything() : Selection.of(repository);
        decide(context, decision, which, body)
                .onSuccess(decided -> JsonResponse.send(context, view(decided)))
                .onFailure(error -> fail(context, error));
    }

    private Future<Decided> decide(RoutingContext context, Decision decision, Selection which, JsonBody body) {
        Reconciliation desk = reconciliation.orElseThrow(
                () -> new Problem(Kind.REFUSED, "There is nothing to decide about: no target is configured"));
        By by = body.by(Operator.of(context));
        boolean overwrite = decision == Decision.APPLY && body.flag("overwrite");
        @Nullable Side side = which.side();
        JsonObject details = new JsonObject()
                .put("entry", side == null ? null : side.label() + "-" + which.id())
                .put("repository", which.repository())
                .put("overwrite", overwrite);
        return Audited.first(audit.append(by.operator(), null, decision.kind, details, by.reason()))
                .compose(told ->
                        decision == Decision.APPLY ? desk.apply(which, overwrite, by) : desk.discard(which, by));
    }

    private static JsonObject view(Decided decided) {
        JsonObject refused = new JsonObject();
        new TreeMap<>(decided.refused()).forEach(refused::put);
        return new JsonObject()
                .put("done", decided.done())
                .put("changedSince", decided.changedSince())
                .put("wholeTables", decided.tables())
                .put("refused", refused)
                .put("problems", new JsonArray(decided.problems()));
    }

    private static Side side(String label) {
        return Arrays.stream(Side.values())
                .filter(side -> side.label().equals(label))
                .findFirst()
                .orElseThrow(DecideReconciliation::unknown);
    }

    private static long number(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw unknown();
        }
        return Long.parseLong(text);
    }

    private static Problem unknown() {
        return new Problem(
                Kind.UNKNOWN_ENTRY, "There is no entry of that id: somebody may have decided about it already");
    }

    private static void fail(RoutingContext context, Throwable error) {
        context.fail(
                error instanceof Problem problem
                        ? problem
                        : new Problem(
                                Kind.UNAVAILABLE,
                                "It is not known whether anything was changed: " + DeadLetterDesk.reason(error)
                                        + " Look again."));
    }

    private enum Decision {
        APPLY("apply", "reconciliation-applied"),
        DISCARD("discard", "reconciliation-discarded");

        private final String word;
        private final String kind;

        Decision(String word, String kind) {
            this.word = word;
            this.kind = kind;
        }

        private Set<String> keys(String... others) {
            Set<String> keys = new TreeSet<>(Set.of(others));
            keys.add("reason");
            if (this == APPLY) {
                keys.add("overwrite");
            }
            return keys;
        }
    }
}
