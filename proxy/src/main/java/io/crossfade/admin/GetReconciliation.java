package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.audit.AuditLog;
import io.crossfade.cutover.Reconciliation;
import io.crossfade.cutover.Reconciliation.Selection;
import io.crossfade.cutover.Undecided;
import io.crossfade.cutover.Undecided.Column;
import io.crossfade.cutover.Undecided.Value;
import io.crossfade.migration.Side;
import io.crossfade.shadow.DeadLetterDesk;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/reconciliation}: the rows that a forced rollback left behind, as they were written and as they stand on the
 * authority. Values are masked unless an operator asks for them, and who did is written down first.
 */
final class GetReconciliation {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final int PATIENCE_SECONDS = 5;

    private final Optional<Reconciliation> reconciliation;
    private final AuditLog audit;

    GetReconciliation(Optional<Reconciliation> reconciliation, AuditLog audit) {
        this.reconciliation = reconciliation;
        this.audit = audit;
    }

    void mountOn(Router router) {
        router.get("/api/reconciliation").handler(this::list);
    }

    private void list(RoutingContext context) {
        Parameters parameters = Parameters.of(context, "repository", "limit", "reveal");
        String repository = parameters.value("repository");
        int limit = parameters.number("limit", USUAL, MOST);
        boolean reveal = parameters.flag("reveal");
        told(context, repository, reveal)
                .compose(told -> list(repository, limit, reveal))
                .onSuccess(listing -> JsonResponse.send(context, listing))
                .onFailure(context::fail);
    }

    private Future<Void> told(RoutingContext context, @Nullable String repository, boolean reveal) {
        if (!reveal) {
            return Future.succeededFuture();
        }
        Operator operator = Operator.of(context);
        if (!operator.mayChange()) {
            throw new Problem(Kind.FORBIDDEN, operator.name() + " may not see values: that takes the role operator");
        }
        return Audited.first(audit.append(
                operator.name(), null, "reconciliation-revealed", new JsonObject().put("repository", repository), ""));
    }

    /** Each side for itself: the one that is away is most often the one that is to be decided about later. */
    private Future<JsonObject> list(@Nullable String repository, int limit, boolean reveal) {
        if (reconciliation.isEmpty()) {
            return Future.succeededFuture(view(List.of(), Map.of(), Map.of(), reveal));
        }
        Reconciliation desk = reconciliation.get();
        Map<Side, Future<List<Undecided>>> lists = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            lists.put(
                    side,
                    desk.list(new Selection(side, null, repository), limit, reveal)
                            .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        Future<Map<String, Long>> counts = desk.counts().timeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return Future.join(Future.join(List.copyOf(lists.values())), counts).transform(asked -> {
            List<Undecided> entries = lists.values().stream()
                    .filter(Future::succeeded)
                    .flatMap(some -> some.result().stream())
                    .toList();
            Map<Side, Throwable> silent = new EnumMap<>(Side.class);
            lists.forEach((side, some) -> {
                if (some.failed()) {
                    silent.put(side, some.cause());
                }
            });
            return Future.succeededFuture(view(entries, counts.succeeded() ? counts.result() : null, silent, reveal));
        });
    }

    private static JsonObject view(
            List<Undecided> entries, @Nullable Map<String, Long> counts, Map<Side, Throwable> silent, boolean reveal) {
        JsonArray views = new JsonArray();
        entries.forEach(entry -> views.add(view(entry)));
        JsonArray notAsked = new JsonArray();
        silent.forEach((side, error) ->
                notAsked.add(new JsonObject().put("side", side.label()).put("problem", reason(error))));
        @Nullable JsonObject left = null;
        if (counts != null) {
            left = new JsonObject();
            counts.forEach(left::put);
        }
        return new JsonObject()
                .put("left", left)
                .put("revealed", reveal)
                .put("entries", views)
                .put("notAsked", notAsked);
    }

    private static String reason(Throwable error) {
        return error instanceof TimeoutException ? "it did not answer in time" : DeadLetterDesk.reason(error);
    }

    private static JsonObject view(Undecided entry) {
        JsonArray columns = new JsonArray();
        entry.columns().forEach(column -> columns.add(view(column)));
        return new JsonObject()
                .put("side", entry.side().label())
                .put("id", entry.id())
                .put("repository", entry.repository())
                .put("group", entry.group())
                .put("wholeTable", entry.table())
                .put("there", entry.there())
                .put("onAuthority", entry.onAuthority())
                .put("changedSince", entry.changedSince())
                .put("listedAt", entry.listedAt().toInstant().toString())
                .put("differing", new JsonArray(entry.differing()))
                .put("columns", columns);
    }

    private static JsonObject view(Column column) {
        return new JsonObject()
                .put("name", column.name())
                .put("type", column.type())
                .put("key", column.key())
                .put("differs", column.differs())
                .put("listed", view(column.listed()))
                .put("present", view(column.present()));
    }

    private static @Nullable JsonObject view(@Nullable Value value) {
        return value == null
                ? null
                : new JsonObject()
                        .put("length", value.length())
                        .put("hash", value.hash())
                        .put("text", value.text());
    }
}
