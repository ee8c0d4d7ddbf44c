package io.crossfade.admin;

import io.crossfade.shadow.DeadLetterDesk;
import io.crossfade.shadow.DeadLetterDesk.Letter;
import io.crossfade.shadow.DeadLetterDesk.Listing;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /api/dead-letters}: the rows that a side would not take, with their keys masked. */
final class GetDeadLetters implements Handler<RoutingContext> {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;

    private final DeadLetterDesk desk;

    GetDeadLetters(DeadLetterDesk desk) {
        this.desk = desk;
    }

    @Override
    public void handle(RoutingContext context) {
        Parameters parameters = Parameters.of(context, "repository", "limit");
        desk.list(parameters.value("repository"), parameters.number("limit", USUAL, MOST))
                .onSuccess(listing -> JsonResponse.send(context, body(listing)))
                .onFailure(context::fail);
    }

    private static JsonObject body(Listing listing) {
        JsonArray letters = new JsonArray();
        listing.letters().forEach(letter -> letters.add(view(letter)));
        JsonArray silent = new JsonArray();
        listing.silent()
                .forEach((side, problem) ->
                        silent.add(new JsonObject().put("side", side.label()).put("problem", problem)));
        return new JsonObject()
                .put("total", listing.total())
                .put("deadLetters", letters)
                .put("notAsked", silent);
    }

    private static JsonObject view(Letter it) {
        JsonArray key = new JsonArray();
        it.letter()
                .key()
                .forEach(part ->
                        key.add(new JsonObject().put("length", part.length()).put("hash", part.hash())));
        return new JsonObject()
                .put("id", LetterId.text(it))
                .put("side", it.shadow().label())
                .put("repository", it.letter().repository())
                .put("key", key)
                .put("sqlstate", it.letter().sqlState())
                .put("problem", it.letter().problem())
                .put("attempts", it.letter().attempts())
                .put("firstFailedAt", it.letter().firstFailedAt().toInstant().toString())
                .put("nextTryAt", it.letter().nextTryAt().toInstant().toString());
    }
}
