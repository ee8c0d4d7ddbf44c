package io.crossfade.admin;

import io.crossfade.migration.Stage;
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
        JsonArray stages = new JsonArray();
        rollouts.acceptedStages().stream().map(Stage::label).forEach(stages::add);
        JsonArray sides = new JsonArray();
        status.sides().forEach(side -> sides.add(side(side)));
        JsonArray shadow = new JsonArray();
        status.shadow().forEach(group -> shadow.add(shadow(group)));
        JsonArray journals = new JsonArray();
        status.journals()
                .forEach(journal -> journals.add(new JsonObject()
                        .put("side", journal.side().label())
                        .put("bytes", journal.bytes())
                        .put("alarm", journal.alarm())));
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
                        .put(
                                "journalBytes",
                                status.journals().stream()
                                        .mapToLong(JournalStatus::bytes)
                                        .max()
                                        .orElse(0))
                        .put("journalAlarm", status.journals().stream().anyMatch(JournalStatus::alarm))
                        .put("journals", journals)
                        .put("acceptedStages", stages)
                        .put("sides", sides));
    }

    private static JsonObject shadow(ShadowStatus group) {
        return new JsonObject()
                .put("group", group.group())
                .put("from", group.from().label())
                .put("to", group.from().other().label())
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
                .put("authority", group.authority().label())
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
