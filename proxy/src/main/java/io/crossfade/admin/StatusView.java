package io.crossfade.admin;

import io.crossfade.instance.Instance;
import io.crossfade.rollout.Rollouts;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The proxy as a whole, as the admin API shows it. */
final class StatusView {
    private final StatusSource status;
    private final Rollouts rollouts;

    StatusView(StatusSource status, Rollouts rollouts) {
        this.status = status;
        this.rollouts = rollouts;
    }

    JsonObject json() {
        long epoch = rollouts.current().epoch();
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
        JsonArray atRisk = new JsonArray();
        status.atRisk().forEach(group -> atRisk.add(atRisk(group)));
        JsonArray capture = new JsonArray();
        status.capture().forEach(group -> capture.add(capture(group)));
        return new JsonObject()
                .put("version", status.version())
                .put("uptimeSeconds", status.uptime().toSeconds())
                .put("epoch", epoch)
                .put("shadow", shadow)
                .put("capture", capture)
                .put("atRisk", atRisk)
                .put(
                        "journalBytes",
                        status.journals().stream()
                                .mapToLong(JournalStatus::bytes)
                                .max()
                                .orElse(0))
                .put("journalAlarm", status.journals().stream().anyMatch(JournalStatus::alarm))
                .put("journals", journals)
                .put("sides", sides)
                .put("instances", instances(epoch));
    }

    /** Every proxy that was heard of within the hour. */
    JsonArray instances(long epoch) {
        JsonArray instances = new JsonArray();
        status.instances().forEach(instance -> instances.add(instance(instance, epoch)));
        return instances;
    }

    private static JsonObject instance(Instance instance, long epoch) {
        JsonObject asOf = new JsonObject();
        instance.report()
                .asOf()
                .forEach((group, moment) -> asOf.put(group, moment.toInstant().toString()));
        return new JsonObject()
                .put("id", instance.id())
                .put("address", instance.address())
                .put("version", instance.version())
                .put("startedAt", instance.startedAt().toInstant().toString())
                .put("epoch", instance.report().epoch())
                .put("behind", instance.report().epoch() < epoch)
                .put("asOf", asOf)
                .put("lagSeconds", rounded(instance.report().lagSeconds()))
                .put("seenSecondsAgo", rounded(instance.ageSeconds()))
                .put("gone", instance.isGone())
                .put("here", instance.here());
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1_000) / 1_000.0;
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
                .put("atRisk", group.atRisk())
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

    private static JsonObject atRisk(AtRiskStatus group) {
        return new JsonObject()
                .put("group", group.group())
                .put("rows", group.rows())
                .put("backlog", group.backlog())
                .put("deadLetters", group.deadLetters())
                .put("unacknowledged", group.unacknowledged())
                .put("sinceLook", group.sinceLook())
                .put("lookedSecondsAgo", group.lookedSecondsAgo());
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
