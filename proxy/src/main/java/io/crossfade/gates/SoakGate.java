package io.crossfade.gates;

import io.crossfade.mismatch.Evidence;
import io.crossfade.mismatch.FoundMismatch;
import io.crossfade.mismatch.MismatchDesk;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Red until the reads of a group were compared for long enough and nothing is known that differs. Where nothing was compared
 * nothing is known, and that is never a pass; nor is a short while of comparing, or one with long pauses.
 */
final class SoakGate {
    private static final String NAME = "soak";
    private static final Duration SHOWN_FOR = Duration.ofSeconds(5);
    private static final int MOST_NAMED = 3;

    private final MismatchDesk desk;
    private final Duration soak;
    private final InstantSource clock;
    private final Map<String, Recent<Gate>> shown = new ConcurrentHashMap<>();

    SoakGate(MismatchDesk desk, Duration soak, InstantSource clock) {
        this.desk = desk;
        this.soak = soak;
        this.clock = clock;
    }

    /** As it is now; never fails. */
    Future<Gate> look(Set<String> members) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        return desk.evidence(members, now.minus(soak), now.minus(soak).minus(soak))
                .map(evidence -> judge(evidence, members, now))
                .otherwise(error -> Gate.unknown(
                        NAME,
                        "What was found to differ cannot be read from both databases; see to it that both answer"));
    }

    /** As it was some seconds ago; never fails. */
    Future<Gate> shown(String group, Set<String> members) {
        return shown.computeIfAbsent(group, name -> new Recent<>(SHOWN_FOR)).get(() -> look(members));
    }

    private Gate judge(Evidence evidence, Set<String> members, OffsetDateTime now) {
        String time = ShadowGates.words(soak);
        if (!evidence.open().isEmpty()) {
            FoundMismatch youngest = evidence.open().get(0);
            return new Gate(
                    NAME,
                    Gate.State.RED,
                    "What both sides answer was found to differ within the last " + time + " (gates.soak): "
                            + named(evidence) + "; see './crossfade mismatches', mend the cause, and then resolve them"
                            + " with a reason or wait",
                    youngest.lastConfirmedAt());
        }
        if (evidence.forgottenAt() != null) {
            return new Gate(
                    NAME,
                    Gate.State.RED,
                    "Confirmed mismatches were forgotten within the last " + time
                            + " (gates.soak) because there were more"
                            + " of them than are kept, so nobody knows whether these were among them; see './crossfade"
                            + " mismatches', mend what differs, keep more of them (comparison.keepAtMost), and wait",
                    evidence.forgottenAt());
        }
        if (evidence.reads() == 0) {
            return Gate.red(
                    NAME,
                    "No read of " + String.join(", ", new TreeSet<>(members)) + " was compared within the last " + time
                            + " (gates.soak), so nobody knows whether both sides answer the same; send reads through the"
                            + " proxy while they are sampled (comparison.sample), or override this gate with a reason");
        }
        OffsetDateTime since = evidence.steadySince(now, pause());
        if (since == null || since.isAfter(now.minus(soak))) {
            return new Gate(
                    NAME,
                    Gate.State.RED,
                    evidence.reads()
                            + " reads were compared and none is confirmed to differ, but that has to go on for " + time
                            + " (gates.soak) without a pause of more than " + ShadowGates.words(pause()) + "; wait",
                    since);
        }
        return new Gate(
                NAME,
                Gate.State.GREEN,
                evidence.reads() + " reads were compared within the last " + time + ", and none is confirmed to differ"
                        + unseen(evidence, members),
                since);
    }

    private static String named(Evidence evidence) {
        String first =
                evidence.open().stream().limit(MOST_NAMED).map(SoakGate::named).collect(Collectors.joining(", "));
        int more = evidence.open().size() - MOST_NAMED;
        return more > 0 ? first + " and " + more + " more" : first;
    }

    private static String named(FoundMismatch found) {
        return found.repository() + " " + found.kind()
                + (found.columns().isEmpty() ? "" : " (" + String.join(", ", found.columns()) + ")")
                + (found.agreesAgain() ? ", which is equal again" : "");
    }

    /** A table that the application only writes to cannot be compared by reads; who decides has to know. */
    private static String unseen(Evidence evidence, Set<String> members) {
        Set<String> unseen = new TreeSet<>(members);
        unseen.removeAll(evidence.compared().keySet());
        return unseen.isEmpty() ? "" : "; no read of " + String.join(", ", unseen) + " was among them";
    }

    /** Nights are quiet. */
    private Duration pause() {
        return soak.dividedBy(2);
    }
}
