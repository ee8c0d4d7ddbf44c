package io.crossfade.admin;

import io.crossfade.rollout.Rollouts;
import io.crossfade.routing.RouteTable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /api/repositories}: all of them, by name, as they stand at one epoch. */
final class GetRepositories implements Handler<RoutingContext> {
    private final Rollouts rollouts;
    private final RepositoryView view;

    GetRepositories(Rollouts rollouts, RepositoryView view) {
        this.rollouts = rollouts;
        this.view = view;
    }

    @Override
    public void handle(RoutingContext context) {
        json().onSuccess(body -> JsonResponse.send(context, body, body.getLong("epoch")))
                .onFailure(context::fail);
    }

    Future<JsonObject> json() {
        RouteTable table = rollouts.current();
        return view.of(rollouts.names(), table).map(views -> {
            JsonArray repositories = new JsonArray();
            views.values().forEach(repositories::add);
            return new JsonObject().put("epoch", table.epoch()).put("repositories", repositories);
        });
    }
}
