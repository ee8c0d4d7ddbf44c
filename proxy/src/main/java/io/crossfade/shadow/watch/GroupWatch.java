package io.crossfade.shadow.watch;

import io.crossfade.migration.Side;
import io.crossfade.shadow.install.CaptureRecord;
import io.crossfade.shadow.install.Runner;
import io.crossfade.shadow.watch.Look.Seen;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One group as its two sides were seen: how it is, what has to be written down about it on its authority, and whether the
 * fence of its shadow has to be raised again.
 *
 * <p>Each side keeps a record of the group, and the one with the greater generation is the whole truth; of two with the
 * same generation, both are. A side that becomes the authority takes over what the other one has, so that neither a mark
 * nor a generation is lost with the change.
 *
 * <p>Threads: any; the looks of one proxy never overlap.
 */
final class GroupWatch {
    private final Sides sides;
    private final Watched watched;
    private final Set<String> catchingUp = ConcurrentHashMap.newKeySet();

    GroupWatch(Sides sides, Watched watched) {
        this.sides = sides;
        this.watched = watched;
    }

    /** What was seen of a group, of which the authority has at least one repository. */
    record Sight(
            String group,
            Side authority,
            List<Seen> members,
            @Nullable Look shadow,
            boolean followed,
            @Nullable Findings found) {
        private Seen any() {
            return members.get(0);
        }

        /** The other side's record, where it says what the authority's does not. */
        private @Nullable Seen recordOfOther() {
            Seen other = shadow == null ? null : shadow.anyOf(group).orElse(null);
            boolean counts = other != null
                    && (other.generation() > any().generation()
                            || (other.generation() == any().generation() && other.reason() != null));
            return counts ? other : null;
        }

        /** The repositories whose fence is not as it was raised; none where it is for somebody else to be there. */
        private List<String> open() {
            Look there = shadow;
            return there == null || !followed
                    ? List.of()
                    : members.stream()
                            .map(Seen::name)
                            .filter(name ->
                                    there.find(name).map(Seen::fenceTouched).orElse(false))
                            .toList();
        }

        private @Nullable String red() {
            Seen other = recordOfOther();
            boolean ownIsOld = other != null && other.generation() > any().generation();
            String own =
                    found != null && (ownIsOld || !any().broken()) ? found.reason() : ownIsOld ? null : any().reason();
            if (own != null) {
                return own;
            }
            if (other != null && other.reason() != null) {
                return other.reason();
            }
            List<String> open = open();
            return open.isEmpty() ? null : fenceReason(authority, open);
        }
    }

    /** How the group is. */
    static GroupHealth health(Sight sight) {
        Seen other = sight.recordOfOther();
        return new GroupHealth(
                sight.group(),
                sight.authority(),
                other == null ? sight.any().generation() : other.generation(),
                sight.red(),
                sight.members().stream().mapToLong(Seen::entries).sum(),
                sight.members().stream().mapToLong(Seen::bypassEntries).sum(),
                sight.members().stream()
                        .map(Seen::bypassSeenAt)
                        .filter(Objects::nonNull)
                        .max(Comparator.<OffsetDateTime>naturalOrder())
                        .orElse(null));
    }

    /** Does what has to be done about it. */
    Future<Void> act(Sight sight) {
        Seen any = sight.any();
        Seen other = sight.recordOfOther();
        Findings found = sight.found();
        List<String> open = sight.open();
        Runner authority = runner(sight.authority());
        List<Future<Void>> acts = new ArrayList<>();
        if (other != null) {
            acts.add(CaptureRecord.takeOver(authority, sight.group(), any.generation(), other.kept()));
        } else if (found != null && !any.marked().containsAll(found.repositories())) {
            acts.add(CaptureRecord.breaks(
                    authority, sight.group(), any.generation(), found.repositories(), found.reason()));
        }
        if (!open.isEmpty()) {
            acts.add(raise(sight, open));
        } else if (other == null && found == null && any.mending() && !any.broken() && sight.followed()) {
            mend(authority, sight.group(), any.generation());
        }
        return Future.join(acts).mapEmpty();
    }

    /** First nobody can write there any more, then what they wrote is looked for; only then the fence counts as whole. */
    private Future<Void> raise(Sight sight, List<String> open) {
        String group = sight.group();
        return watched.raiseFence(group)
                .compose(fences -> fences.isEmpty()
                        ? Future.succeededFuture()
                        : CaptureRecord.compareAnew(
                                        runner(sight.authority()), group, open, fenceReason(sight.authority(), open))
                                .compose(noted -> runner(sight.authority().other())
                                        .run(
                                                "UPDATE crossfade.repository AS r SET fence = v.fence"
                                                        + " FROM unnest($1::text[], $2::text[]) AS v (name, fence)"
                                                        + " WHERE r.name = v.name AND r.fence IS NOT NULL",
                                                Tuple.of(fences.keySet().toArray(String[]::new), (Object)
                                                        fences.values().toArray(String[]::new))))
                                .mapEmpty());
    }

    private static String fenceReason(Side authority, List<String> open) {
        return "The fence of " + String.join(", ", open) + " on "
                + authority.other().label() + " was changed by somebody else; it was raised again,"
                + " and the rows are compared anew. Nothing has to be done but finding out who writes there.";
    }

    /** Waits beside the looks: a resync of large tables takes its time. */
    private void mend(Runner authority, String group, long generation) {
        if (catchingUp.add(group)) {
            watched.caughtUp(group)
                    .compose(done -> CaptureRecord.mended(authority, group, generation))
                    .onComplete(done -> catchingUp.remove(group));
        }
    }

    private Runner runner(Side side) {
        return (sql, values) -> sides.find(side).orElseThrow().run(sql, values, false);
    }
}
