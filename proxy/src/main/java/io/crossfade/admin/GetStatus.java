package io.crossfade.admin;

import io.crossfade.rollout.Rollouts;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /api/status}: the proxy as a whole. */
final class GetStatus implements Handler<RoutingContext> {
    private final StatusSource status;
    private final Rollouts rollouts;

    GetStatus(StatusSource status, Rollouts rollouts) {
        this.status = status;
        this.rollouts = rollouts;
    }

    @Override
    public void handle(RoutingContext context) {
        JsonArray sides = new JsonArray();
        status.sides().forEach(side -> sides.add(side(side)));
        JsonArray shadow = new JsonArray();
        status.shadow().forEach(group -> shadow.add(shadow(group)));
        JsonArray capture = new JsonArray();
        status.capture().forEach(group -> capture.add(capture(group)));
        JsonResponse.send(
                context,
                new JsonObject()
                        .put("version", status.version())
                        .put("uptimeSeconds", status.uptime().toSeconds())
                        .put("epoch", rollouts.current().epoch())
                        .put("shadow", shadow)
                        .put("capture", capture)
                        .put("journalBytes", status.journalBytes())
                        .put("journalAlarm", status.journalAlarm())
                        .put("sides", sides));
    }

    private static JsonObject shadow(ShadowStatus group) {
        return new JsonObject()
                .put("group", group.group())
                .put("replayedHere", group.replayedHere())
                .put("lagSeconds", group.lagSeconds())
                .put("waiting", group.waiting())
                .put("catchingUp", group.catchingUp())
                .put("deadLetters", group.deadLetters())
                .put("problem", group.problem());
    }

    private static JsonObject capture(CaptureStatus group) {
        return new JsonObject()
                .put("group", group.group())
                .put("generation", group.generation())
                .put("red", group.red())
                .put("entries", group.entries())
                .put("bypassEntries", group.bypassEntries())
                .put("bypassSeenAt", group.bypassSeenAt());
    }

    private static JsonObject side(SideStatus side) {
        return new JsonObject()
                .put("side", side.side().label())
                .put("address", side.address())
                .put("up", side.up())
                .put("problem", side.problem())
                .put("poolSize", side.poolSize());
    }
}
