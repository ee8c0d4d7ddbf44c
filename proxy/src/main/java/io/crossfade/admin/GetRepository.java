package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.rollout.Rollouts;
import io.crossfade.routing.RouteTable;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /api/repositories/{name}}. */
final class GetRepository implements Handler<RoutingContext> {
    private final Rollouts rollouts;
    private final RepositoryView view;

    GetRepository(Rollouts rollouts, RepositoryView view) {
        this.rollouts = rollouts;
        this.view = view;
    }

    @Override
    public void handle(RoutingContext context) {
        String name = context.pathParam("name");
        if (!rollouts.names().contains(name)) {
            throw unknown(name);
        }
        RouteTable table = rollouts.current();
        view.of(name, table)
                .onSuccess(seen -> JsonResponse.send(context, seen.put("epoch", table.epoch()), table.epoch()))
                .onFailure(context::fail);
    }

    static Problem unknown(String name) {
        return new Problem(
                Kind.UNKNOWN_REPOSITORY, "No database and no configuration names a repository '" + name + "'");
    }
}
