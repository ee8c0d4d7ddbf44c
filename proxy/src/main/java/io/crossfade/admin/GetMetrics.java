package io.crossfade.admin;

import io.crossfade.rollout.RolloutMeters;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /metrics}: all meters in Prometheus' text format. Asks for no token, as scrapers expect; metrics hold names
 * of repositories and numbers, never data. Written on a worker thread, because there can be thousands of lines.
 */
final class GetMetrics implements Handler<RoutingContext> {
    private final Vertx vertx;
    private final RolloutMeters meters;
    private final PrometheusMeterRegistry registry;

    GetMetrics(Vertx vertx, RolloutMeters meters, PrometheusMeterRegistry registry) {
        this.vertx = vertx;
        this.meters = meters;
        this.registry = registry;
    }

    @Override
    public void handle(RoutingContext context) {
        vertx.executeBlocking(this::scrape)
                .compose(text -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                        .end(text))
                .onFailure(context::fail);
    }

    private String scrape() {
        meters.refresh();
        return registry.scrape();
    }
}
