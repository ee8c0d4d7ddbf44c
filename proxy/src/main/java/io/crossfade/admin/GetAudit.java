package io.crossfade.admin;

import io.crossfade.audit.AuditEntry;
import io.crossfade.audit.AuditLog;
import io.crossfade.audit.AuditLog.Page;
import io.crossfade.audit.AuditLog.Verification;
import io.crossfade.audit.Finding;
import io.crossfade.migration.Side;
import io.crossfade.shadow.DeadLetterDesk;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/audit} and {@code GET /api/audit/verify}: what was done, and whether that can be relied on. */
final class GetAudit {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;

    private final AuditLog audit;
    private @Nullable Future<Verification> verifying;

    GetAudit(AuditLog audit) {
        this.audit = audit;
    }

    void mountOn(Router router) {
        router.get("/api/audit").handler(this::list);
        router.get("/api/audit/verify").handler(this::verify);
    }

    private void list(RoutingContext context) {
        Parameters parameters = Parameters.of(context, "limit", "before");
        audit.list(parameters.number("limit", USUAL, MOST), moment(parameters.value("before")))
                .onSuccess(page -> JsonResponse.send(context, view(page)))
                .onFailure(context::fail);
    }

    /** It reads everything, so all who ask meanwhile share one. */
    private void verify(RoutingContext context) {
        var unused = Parameters.of(context);
        Future<Verification> running = verifying;
        if (running == null || running.isComplete()) {
            running = audit.verify();
            verifying = running;
        }
        running.onSuccess(found -> JsonResponse.send(context, view(found))).onFailure(context::fail);
    }

    private static @Nullable String moment(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text).toString();
        } catch (DateTimeException e) {
            throw JsonBody.malformed("'before' is a moment such as 2026-03-01T10:15:30.123456Z, as 'next' says it");
        }
    }

    private static JsonObject view(Page page) {
        JsonArray entries = new JsonArray();
        page.entries().forEach(entry -> entries.add(view(entry)));
        @Nullable
        String next = page.more() && !page.entries().isEmpty()
                ? page.entries().get(page.entries().size() - 1).at().toInstant().toString()
                : null;
        return new JsonObject().put("entries", entries).put("next", next).put("notAsked", silent(page.silent()));
    }

    private static JsonObject view(AuditEntry entry) {
        JsonArray sides = new JsonArray();
        entry.sides().forEach(side -> sides.add(side.label()));
        return new JsonObject()
                .put("at", entry.at().toInstant().toString())
                .put("operator", entry.operator())
                .put("kind", entry.kind())
                .put("group", entry.group())
                .put("from", entry.was() == null ? null : new JsonObject(entry.was()))
                .put("to", new JsonObject(entry.becomes()))
                .put("reason", entry.reason())
                .put("epoch", entry.epoch())
                .put("hash", entry.hash())
                .put("sides", sides);
    }

    private static JsonObject view(Verification found) {
        JsonArray findings = new JsonArray();
        found.findings().forEach(finding -> findings.add(view(finding)));
        JsonObject entries = new JsonObject();
        found.entries().forEach((side, count) -> entries.put(side.label(), count));
        return new JsonObject()
                .put("sound", found.findings().isEmpty() && found.silent().isEmpty())
                .put("findings", findings)
                .put("entries", entries)
                .put("notAsked", silent(found.silent()));
    }

    private static JsonObject view(Finding finding) {
        @Nullable Side side = finding.side();
        return new JsonObject()
                .put("side", side == null ? null : side.label())
                .put("chain", finding.chain())
                .put("id", finding.id())
                .put("epoch", finding.epoch())
                .put("problem", finding.problem());
    }

    private static JsonArray silent(Map<Side, Throwable> sides) {
        JsonArray silent = new JsonArray();
        sides.forEach((side, error) ->
                silent.add(new JsonObject().put("side", side.label()).put("problem", DeadLetterDesk.reason(error))));
        return silent;
    }
}
