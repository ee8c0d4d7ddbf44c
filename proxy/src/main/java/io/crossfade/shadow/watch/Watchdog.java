package io.crossfade.shadow.watch;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observer;
import io.crossfade.settings.JournalSettings;
import io.crossfade.shadow.install.CaptureRecord;
import io.crossfade.shadow.install.Identity;
import io.crossfade.shadow.watch.Look.Seen;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at both databases each second, with one statement for each, and says which groups are red: their shadow may lack
 * what was written. It never stops the application; reads are kept on the authority, and what it finds is written down
 * there, so that no restart forgets it.
 *
 * <p>Any instance raises a fence that was disabled, and none lowers one. What this costs is a look of some hundred
 * microseconds a second and side. Threads: any; looks never overlap.
 */
public final class Watchdog {
    private static final long EVERY_MILLIS = 1_000;
    /** Of this many chances to write down where a side stands, one look and thus one for each side is taken. */
    private static final int KEEP_EVERY = 20;

    private final Vertx vertx;
    private final Sides sides;
    private final Watched watched;
    private final Observer observer;
    private final JournalLimit limit;
    private final Map<String, GroupHealth> health = new ConcurrentSkipListMap<>();
    private final Map<Side, Identity> known = new ConcurrentHashMap<>();
    private final Set<String> catchingUp = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile long journalBytes;
    private final AtomicInteger looks = new AtomicInteger();
    private volatile boolean failing;
    private long timer = -1;

    public Watchdog(Vertx vertx, Sides sides, Watched watched, JournalSettings settings, Observer observer) {
        this.vertx = vertx;
        this.sides = sides;
        this.watched = watched;
        this.observer = observer;
        this.limit = new JournalLimit(settings, watched, observer);
    }

    /** Begins to look. */
    public void start() {
        timer = vertx.setPeriodic(EVERY_MILLIS, tick -> look());
        look();
    }

    /** Looks no more. */
    public void stop() {
        vertx.cancelTimer(timer);
    }

    /** How each installed group is, by name; nothing before the first look. */
    public Map<String, GroupHealth> health() {
        return Map.copyOf(health);
    }

    /** Whether anything is known of a group. */
    public boolean hasSeen(String group) {
        return health.containsKey(group);
    }

    /** Why the shadow of a group cannot be relied on; null while it can. */
    public @Nullable String red(String group) {
        GroupHealth seen = health.get(group);
        return seen == null ? null : seen.red();
    }

    /** What the authority's journal takes, with its index. */
    public long journalBytes() {
        return journalBytes;
    }

    /** Looks at once, unless a look is under way. */
    public void look() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        Database legacy = sides.find(Side.LEGACY).orElseThrow();
        Look.at(legacy)
                .compose(authority -> shadow().compose(shadow -> judge(authority, shadow)))
                .recover(this::blind)
                .onComplete(done -> {
                    looking.set(false);
                    if (done.failed() && !failing) {
                        observer.observe(new Observation.WatchFailed(
                                String.valueOf(done.cause().getMessage())));
                    }
                    failing = done.failed();
                });
    }

    /** After the authority, so that an installation, which ends with it, is never seen half done and taken for a gap. */
    private Future<@Nullable Look> shadow() {
        return sides.find(Side.TARGET)
                .map(target -> Look.at(target).<@Nullable Look>map(look -> look).otherwise(away -> null))
                .orElseGet(Future::succeededFuture);
    }

    /** A legacy that answers without our schema was restored; one that does not answer says nothing. */
    private Future<Void> blind(Throwable error) {
        if (error instanceof DatabaseFailure said
                && Set.of("42P01", "3F000", "42883").contains(said.code())) {
            watched.groups().forEach(group -> turn(new GroupHealth(group, 0, Findings.UNINSTALLED, 0, 0, null)));
            return Future.succeededFuture();
        }
        return Future.failedFuture(error);
    }

    private Future<Void> judge(Look authority, @Nullable Look shadow) {
        journalBytes = authority.journalBytes();
        observer.observe(new Observation.JournalMeasured(Side.LEGACY, authority.journalBytes()));
        Identity knownLegacy = known(Side.LEGACY, shadow == null ? null : shadow.witness());
        Identity knownTarget = known(Side.TARGET, authority.witness());
        Map<String, Findings> findings = Findings.of(authority, shadow, knownLegacy, knownTarget);
        List<Future<Void>> acts = new ArrayList<>();
        Map<String, List<Seen>> groups = authority.byGroup();
        health.keySet().retainAll(groups.keySet());
        groups.forEach((group, members) -> acts.add(judge(group, members, findings.get(group), shadow)));
        if (findings.isEmpty()) {
            acts.add(remember(Side.LEGACY, authority.identity(), knownLegacy));
            acts.add(remember(Side.TARGET, shadow == null ? null : shadow.identity(), knownTarget));
        }
        acts.add(limit.check(sides, authority, shadow));
        return Future.join(acts).mapEmpty();
    }

    private Future<Void> judge(String group, List<Seen> members, @Nullable Findings found, @Nullable Look shadow) {
        Seen any = members.get(0);
        List<String> open = shadow == null || !watched.groups().contains(group)
                ? List.of()
                : members.stream()
                        .map(Seen::name)
                        .filter(name ->
                                shadow.find(name).map(Seen::fenceTouched).orElse(false))
                        .toList();
        String red = any.broken() || found == null ? any.reason() : found.reason();
        if (red == null && !open.isEmpty()) {
            red = fenceReason(open);
        }
        turn(new GroupHealth(
                group,
                any.generation(),
                red,
                members.stream().mapToLong(Seen::entries).sum(),
                members.stream().mapToLong(Seen::bypassEntries).sum(),
                members.stream()
                        .map(Seen::bypassSeenAt)
                        .filter(java.util.Objects::nonNull)
                        .max(java.util.Comparator.naturalOrder())
                        .orElse(null)));
        List<Future<Void>> acts = new ArrayList<>();
        if (found != null && !any.marked().containsAll(found.repositories())) {
            acts.add(CaptureRecord.breaks(
                    this::onLegacy, group, any.generation(), found.repositories(), found.reason()));
        }
        if (!open.isEmpty()) {
            acts.add(raise(group, open));
        } else if (found == null && any.mending() && !any.broken()) {
            mend(group, any.generation());
        }
        return Future.join(acts).mapEmpty();
    }

    /** First nobody can write there any more, then what they wrote is looked for; only then the fence counts as whole. */
    private Future<Void> raise(String group, List<String> open) {
        return watched.raiseFence(group)
                .compose(fences -> fences.isEmpty()
                        ? Future.succeededFuture()
                        : CaptureRecord.compareAnew(this::onLegacy, group, open, fenceReason(open))
                                .compose(noted -> run(
                                        Side.TARGET,
                                        "UPDATE crossfade.repository AS r SET fence = v.fence"
                                                + " FROM unnest($1::text[], $2::text[]) AS v (name, fence)"
                                                + " WHERE r.name = v.name AND r.fence IS NOT NULL",
                                        Tuple.of(fences.keySet().toArray(String[]::new), (Object)
                                                fences.values().toArray(String[]::new)))));
    }

    private static String fenceReason(List<String> open) {
        return "The fence of " + String.join(", ", open)
                + " on target was changed by somebody else; it was raised again,"
                + " and the rows are compared anew. Nothing has to be done but finding out who writes there.";
    }

    /** Waits beside the looks: a resync of large tables takes its time. */
    private void mend(String group, long generation) {
        if (watched.groups().contains(group) && catchingUp.add(group)) {
            watched.caughtUp(group)
                    .compose(done -> CaptureRecord.mended(this::onLegacy, group, generation))
                    .onComplete(done -> catchingUp.remove(group));
        }
    }

    private void turn(GroupHealth now) {
        GroupHealth before = health.put(now.group(), now);
        observer.observe(
                new Observation.CaptureSeen(now.group(), now.red() != null, now.entries(), now.bypassEntries()));
        String was = before == null ? null : before.red();
        if (now.red() != null && !now.red().equals(was)) {
            observer.observe(new Observation.CaptureBroken(now.group(), now.red()));
        } else if (now.red() == null && was != null) {
            observer.observe(new Observation.CaptureMended(now.group(), now.generation()));
        }
    }

    /** The farther of what the other side has written down and what this proxy has seen itself. */
    private @Nullable Identity known(Side side, @Nullable Identity witness) {
        Identity seen = known.get(side);
        if (witness == null || seen == null || !witness.parts().equals(seen.parts())) {
            return witness == null ? seen : witness;
        }
        return witness.position() == null || (seen.position() != null && seen.position() > witness.position())
                ? seen
                : witness;
    }

    private Future<Void> remember(Side side, @Nullable Identity now, @Nullable Identity before) {
        if (now == null || before == null) {
            return Future.succeededFuture();
        }
        known.put(side, now);
        return looks.getAndIncrement() % KEEP_EVERY < 2
                ? now.keep((sql, values) ->
                                sides.find(side.other()).orElseThrow().run(sql, values, false))
                        .recover(away -> Future.succeededFuture())
                : Future.succeededFuture();
    }

    private Future<?> onLegacy(String sql, Tuple values) {
        return sides.find(Side.LEGACY).orElseThrow().run(sql, values, false);
    }

    private Future<Void> run(Side side, String sql, Tuple values) {
        return sides.find(side).orElseThrow().run(sql, values, false).mapEmpty();
    }
}
