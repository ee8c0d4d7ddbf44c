package io.crossfade.shadow.watch;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observer;
import io.crossfade.settings.JournalSettings;
import io.crossfade.shadow.watch.Identities.Replaced;
import io.crossfade.shadow.watch.Look.Seen;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks at both databases each second, with one statement for each, and says which groups are red: their shadow may lack
 * what was written. It never stops the application; reads are kept on the authority, and what it finds is written down
 * there, so that no restart forgets it.
 *
 * <p>Any instance raises a fence that was disabled, and none lowers one. A group whose authority is on its way, or not
 * known, is left as it was found before. What this costs is a look of some hundred microseconds a second and side, and one
 * more at the target while that is an authority. Threads: any; looks never overlap.
 */
public final class Watchdog {
    private static final long EVERY_MILLIS = 1_000;

    private final Vertx vertx;
    private final Sides sides;
    private final Watched watched;
    private final Function<String, @Nullable Standing> standings;
    private final Observer observer;
    private final JournalLimit limit;
    private final GroupWatch groupWatch;
    private final Identities identities;
    private final Map<String, GroupHealth> health = new ConcurrentSkipListMap<>();
    private final Map<Side, Long> journalBytes = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Set<String> groups = Set.of();
    private volatile boolean targetFirst = true;
    private volatile boolean failing;
    private long timer = -1;

    /**
     * A watch that has not begun.
     *
     * @param standings where each group stands; null while that is not known, or its authority is on its way
     */
    public Watchdog(
            Vertx vertx,
            Sides sides,
            Watched watched,
            Function<String, @Nullable Standing> standings,
            JournalSettings settings,
            Observer observer) {
        this.vertx = vertx;
        this.sides = sides;
        this.watched = watched;
        this.standings = standings;
        this.observer = observer;
        this.limit = new JournalLimit(sides, settings, watched, observer);
        this.groupWatch = new GroupWatch(sides, watched);
        this.identities = new Identities(sides);
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

    /** Whether anything is known of a group, while this side takes its writes. */
    public boolean hasSeen(String group, Side authority) {
        GroupHealth seen = health.get(group);
        return seen != null && seen.authority() == authority;
    }

    /** Why the shadow of a group cannot be relied on; null while it can. */
    public @Nullable String red(String group) {
        GroupHealth seen = health.get(group);
        return seen == null ? null : seen.red();
    }

    /** What the journal of each side takes, with its index, of the sides that have answered. */
    public Map<Side, Long> journalBytes() {
        return Map.copyOf(journalBytes);
    }

    /** Looks at once, unless a look is under way. */
    public void look() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        // What has not changed until the end of the look was so during all of it.
        Set<String> knownBefore = groups;
        Map<String, Standing> before = standingsOf(knownBefore);
        Map<String, Side> followed = new HashMap<>();
        watched.groups().forEach(group -> {
            Side authority = watched.authority(group);
            if (authority != null) {
                followed.put(group, authority);
            }
        });
        Looks.take(sides, targetFirst)
                .compose(looks -> judge(looks, knownBefore, before, followed).compose(judged -> problem(looks)))
                .onComplete(done -> {
                    looking.set(false);
                    if (done.failed() && !failing) {
                        observer.observe(new Observation.WatchFailed(
                                String.valueOf(done.cause().getMessage())));
                    }
                    failing = done.failed();
                });
    }

    private static Future<Void> problem(Looks looks) {
        return looks.problem() == null ? Future.succeededFuture() : Future.failedFuture(looks.problem());
    }

    private Future<Void> judge(
            Looks looks, Set<String> knownBefore, Map<String, Standing> before, Map<String, Side> followed) {
        looks.answering().forEach((side, look) -> {
            journalBytes.put(side, look.journalBytes());
            observer.observe(new Observation.JournalMeasured(side, look.journalBytes()));
        });
        remember(looks);
        Map<String, Standing> standing = standingsOf(groups);
        targetFirst = standing.values().stream().anyMatch(its -> its.authority() == Side.TARGET);
        // Of a group that was not known before this look, there is nothing that could have changed.
        standing.entrySet()
                .removeIf(each ->
                        knownBefore.contains(each.getKey()) && !each.getValue().equals(before.get(each.getKey())));
        Replaced replaced = identities.replaced(looks);
        boolean whole = replaced == null;
        List<Future<Void>> acts = new ArrayList<>();
        for (Map.Entry<String, Standing> each : standing.entrySet()) {
            String group = each.getKey();
            Side authority = each.getValue().authority();
            Look own = looks.ofAuthority(authority);
            List<Seen> members = own == null ? List.of() : own.byGroup().getOrDefault(group, List.of());
            if (!members.isEmpty()) {
                Look shadow = looks.ofShadow(authority);
                boolean follows = followed.get(group) == authority && watched.authority(group) == authority;
                Findings found = Findings.of(authority, members, shadow, replaced);
                whole &= found == null;
                GroupWatch.Sight sight = new GroupWatch.Sight(group, authority, members, shadow, follows, found);
                turn(GroupWatch.health(sight));
                acts.add(groupWatch.act(sight));
            } else if (own != null && own.isUninstalled() && watched.authority(group) == authority) {
                turn(new GroupHealth(group, authority, 0, Findings.uninstalled(authority), 0, 0, null));
            }
        }
        if (whole) {
            acts.add(identities.remember(looks));
        }
        identities.keep(looks);
        acts.add(limit.check(looks, standing));
        return Future.join(acts).mapEmpty();
    }

    /** The groups that there are; those of a side that does not answer are taken to be there still. */
    private void remember(Looks looks) {
        Set<String> there = new HashSet<>(watched.groups());
        looks.answering().values().forEach(look -> there.addAll(look.groups(any -> true)));
        if (looks.answering().size() < sides.all().size()) {
            there.addAll(groups);
        }
        groups = Set.copyOf(there);
        health.keySet().retainAll(there);
    }

    private Map<String, Standing> standingsOf(Set<String> names) {
        Map<String, Standing> known = new TreeMap<>();
        for (String group : names) {
            Standing standing = standings.apply(group);
            if (standing != null) {
                known.put(group, standing);
            }
        }
        return known;
    }

    private void turn(GroupHealth now) {
        GroupHealth before = health.put(now.group(), now);
        observer.observe(new Observation.CaptureSeen(
                now.group(), now.authority(), now.red() != null, now.entries(), now.bypassEntries()));
        String was = before == null ? null : before.red();
        if (now.red() != null && !now.red().equals(was)) {
            observer.observe(new Observation.CaptureBroken(now.group(), now.red()));
        } else if (now.red() == null && was != null) {
            observer.observe(new Observation.CaptureMended(now.group(), now.generation()));
        }
    }
}
