package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.comparison.MismatchKind;
import io.crossfade.mismatch.Compared;
import io.crossfade.mismatch.FoundMismatch;
import io.crossfade.mismatch.FoundMismatch.Resolution;
import io.crossfade.mismatch.FoundMismatch.State;
import io.crossfade.mismatch.MismatchDesk;
import io.crossfade.mismatch.MismatchDesk.Listing;
import io.crossfade.shadow.DeadLetterDesk;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/mismatches} and {@code …/{id}}: what both sides answer differently, in groups, with the values of its samples
 * masked.
 */
final class GetMismatches {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final int FURTHEST = 1_000_000;

    private final MismatchDesk desk;

    GetMismatches(MismatchDesk desk) {
        this.desk = desk;
    }

    void mountOn(Router router) {
        router.get("/api/mismatches").handler(this::list);
        router.get("/api/mismatches/:id").handler(this::one);
    }

    private void list(RoutingContext context) {
        Parameters parameters = Parameters.of(context, "repository", "kind", "state", "limit", "offset");
        @Nullable String repository = parameters.value("repository");
        int limit = parameters.number("limit", USUAL, MOST);
        int offset = parameters.number("offset", 0, FURTHEST);
        @Nullable MismatchKind kind = parameters.oneOf("kind", MismatchKind.values(), MismatchKind::label);
        @Nullable State state = parameters.oneOf("state", State.values(), State::label);
        OffsetDateTime dayAgo = OffsetDateTime.now(ZoneOffset.UTC).minusDays(1);
        desk.list(repository, kind == null ? null : kind.label(), state)
                .compose(listing ->
                        desk.compared(dayAgo).map(compared -> body(listing, compared, repository, offset, limit)))
                .onSuccess(body -> JsonResponse.send(context, body))
                .onFailure(context::fail);
    }

    private void one(RoutingContext context) {
        var unused = Parameters.of(context);
        desk.find(context.pathParam("id"))
                .onSuccess(found -> found.ifPresentOrElse(
                        group -> JsonResponse.send(context, view(group).put("samples", group.samples())),
                        () -> context.fail(unknown())))
                .onFailure(error -> context.fail(new Problem(Kind.UNAVAILABLE, reason(error))));
    }

    private static JsonObject body(
            Listing listing, Map<String, Compared> compared, @Nullable String repository, int offset, int limit) {
        JsonArray groups = new JsonArray();
        listing.groups().stream().skip(offset).limit(limit).forEach(group -> groups.add(view(group)));
        JsonObject counts = new JsonObject();
        Arrays.stream(State.values())
                .forEach(state -> counts.put(
                        state.label(),
                        listing.groups().stream()
                                .filter(group -> group.state() == state)
                                .count()));
        JsonArray reads = new JsonArray();
        compared.forEach((name, its) -> {
            if (repository == null || repository.equals(name)) {
                reads.add(view(its).put("repository", name));
            }
        });
        JsonArray silent = new JsonArray();
        listing.silent()
                .forEach((side, error) ->
                        silent.add(new JsonObject().put("side", side.label()).put("problem", reason(error))));
        return new JsonObject()
                .put("total", listing.groups().size())
                .put("states", counts)
                .put("offset", offset)
                .put("mismatches", groups)
                .put("comparedWithinADay", reads)
                .put(
                        "dropped",
                        new JsonObject()
                                .put("transient", listing.dropped().transients())
                                .put("confirmed", listing.dropped().confirmed()))
                .put("notAsked", silent);
    }

    /** How much was compared. */
    static JsonObject view(Compared compared) {
        return new JsonObject()
                .put("reads", compared.reads())
                .put("mismatched", compared.mismatched())
                .put("confirmed", compared.confirmed())
                .put("lastAt", compared.lastAt().toInstant().toString());
    }

    /** Without the samples. */
    static JsonObject view(FoundMismatch group) {
        OffsetDateTime lastConfirmed = group.lastConfirmedAt();
        Resolution resolution = group.resolution();
        return new JsonObject()
                .put("id", group.id())
                .put("repository", group.repository())
                .put("kind", group.kind())
                .put("columns", new JsonArray(group.columns()))
                .put("state", group.state().label())
                .put("transient", group.transients())
                .put("confirmed", group.confirmed())
                .put("firstSeenAt", group.firstSeenAt().toInstant().toString())
                .put("lastSeenAt", group.lastSeenAt().toInstant().toString())
                .put(
                        "lastConfirmedAt",
                        lastConfirmed == null ? null : lastConfirmed.toInstant().toString())
                .put("shape", group.shape())
                .put(
                        "resolved",
                        resolution == null
                                ? null
                                : new JsonObject()
                                        .put("at", resolution.at().toInstant().toString())
                                        .put("by", resolution.by())
                                        .put("reason", resolution.reason()));
    }

    static Problem unknown() {
        return new Problem(
                Kind.UNKNOWN_MISMATCH,
                "There is no mismatch of that id: it may have been too old or one too many to keep");
    }

    static String reason(Throwable error) {
        return error instanceof TimeoutException ? "it did not answer in time" : DeadLetterDesk.reason(error);
    }
}
