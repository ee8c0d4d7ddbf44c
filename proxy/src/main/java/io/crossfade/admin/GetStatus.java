package io.crossfade.admin;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /api/status}: the proxy as a whole. */
final class GetStatus implements Handler<RoutingContext> {
    private final StatusView view;

    GetStatus(StatusView view) {
        this.view = view;
    }

    @Override
    public void handle(RoutingContext context) {
        JsonResponse.send(context, view.json());
    }
}
