package io.crossfade.admin;

import io.crossfade.migration.Side;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /health/live} and {@code GET /health/ready}, without a token. Live is whoever answers; ready is who can serve
 * every call of a group whose writes legacy takes, for which legacy must be up. The body names no address and no problem.
 */
final class GetHealth {
    private final StatusSource status;

    GetHealth(StatusSource status) {
        this.status = status;
    }

    Handler<RoutingContext> live() {
        return context -> JsonResponse.send(context, new JsonObject().put("status", "live"));
    }

    Handler<RoutingContext> ready() {
        return context -> {
            boolean ready = status.sides().stream().anyMatch(side -> side.side() == Side.LEGACY && side.up());
            context.response().setStatusCode(ready ? 200 : 503);
            JsonResponse.send(context, new JsonObject().put("status", ready ? "ready" : "legacy is down"));
        };
    }
}
