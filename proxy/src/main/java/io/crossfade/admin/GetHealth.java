package io.crossfade.admin;

import io.crossfade.migration.Side;
import io.crossfade.rollout.Rollouts;
import io.crossfade.routing.RouteTable;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code GET /health/live} and {@code GET /health/ready}, without a token. Live is whoever answers; ready is who reaches each side
 * that takes the writes of a repository. The body names no address and no problem.
 */
final class GetHealth {
    private final StatusSource status;
    private final Rollouts rollouts;

    GetHealth(StatusSource status, Rollouts rollouts) {
        this.status = status;
        this.rollouts = rollouts;
    }

    Handler<RoutingContext> live() {
        return context -> JsonResponse.send(context, new JsonObject().put("status", "live"));
    }

    Handler<RoutingContext> ready() {
        return context -> {
            Set<Side> needed = needed();
            status.sides().stream().filter(SideStatus::up).map(SideStatus::side).forEach(needed::remove);
            context.response().setStatusCode(needed.isEmpty() ? 200 : 503);
            JsonResponse.send(context, new JsonObject().put("status", needed.isEmpty() ? "ready" : down(needed)));
        };
    }

    /** Legacy for whatever was never moved, and where no repository is known yet. */
    private Set<Side> needed() {
        RouteTable now = rollouts.current();
        Set<Side> authorities = EnumSet.noneOf(Side.class);
        rollouts.names().forEach(name -> authorities.add(now.of(name).stage().authority()));
        return authorities.isEmpty() ? EnumSet.of(Side.LEGACY) : authorities;
    }

    private static String down(Set<Side> sides) {
        return sides.stream().map(Side::label).collect(Collectors.joining(" and "))
                + (sides.size() == 1 ? " is down" : " are down");
    }
}
