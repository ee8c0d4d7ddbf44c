package io.crossfade.admin;

import io.crossfade.rollout.Rollouts;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /api/instances}: every proxy between the same two databases. */
final class GetInstances implements Handler<RoutingContext> {
    private final Rollouts rollouts;
    private final StatusView view;

    GetInstances(Rollouts rollouts, StatusView view) {
        this.rollouts = rollouts;
        this.view = view;
    }

    @Override
    public void handle(RoutingContext context) {
        long epoch = rollouts.current().epoch();
        JsonResponse.send(context, new JsonObject().put("epoch", epoch).put("instances", view.instances(epoch)), epoch);
    }
}
