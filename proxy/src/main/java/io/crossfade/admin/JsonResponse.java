package io.crossfade.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Ends a request with a JSON body; a caller that went away meanwhile is nobody's failure. */
final class JsonResponse {
    private JsonResponse() {}

    static void send(RoutingContext context, JsonObject body) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(body.toBuffer())
                .onFailure(gone -> {});
    }

    /** The same, tagged with the epoch that the body belongs to. */
    static void send(RoutingContext context, JsonObject body, long epoch) {
        context.response().putHeader(HttpHeaders.ETAG, Epoch.tag(epoch));
        send(context, body);
    }
}
