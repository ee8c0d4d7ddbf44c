package io.crossfade.shadow.replay;

import io.crossfade.shadow.replay.ReplayerRows.Followed;
import io.crossfade.shadow.replay.ReplayerRows.Renewal;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Looks after all groups with one session on either side: who leads them, which have something to replay, and that the
 * shadow's row of every group that has nothing keeps up with the clock.
 *
 * <p>A group is renewed only if no batch of it has begun between the look and the renewal, so that what is published is
 * what was seen.
 *
 * <p>Threads: one, that of whoever calls {@link #look}.
 */
final class Watcher {
    private static final long NANOS_BETWEEN_TRIES = TimeUnit.MILLISECONDS.toNanos(200);

    private final ReplaySettings settings;
    private final Collection<GroupReplay> groups;
    private final Reports reports;
    private final JournalLook journal;
    private final ReplayerRows rows;
    private final Watchdog watchdog;
    private final Map<String, String> pulses = new HashMap<>();
    private final Map<String, Long> pulsesSince = new HashMap<>();
    private long lastTry = System.nanoTime() - NANOS_BETWEEN_TRIES;

    /**
     * A watcher of groups that may come and go.
     *
     * @param groups those that there are now, whenever it is looked at
     */
    Watcher(SessionPair sessions, ReplaySettings settings, Collection<GroupReplay> groups, Reports reports) {
        this.settings = settings;
        this.groups = groups;
        this.reports = reports;
        this.journal = new JournalLook(sessions.authority());
        this.rows = new ReplayerRows(sessions.shadow(), settings.leaseGap());
        this.watchdog = new Watchdog(sessions, settings.poll());
        sessions.authority().listen("crossfade_replay", this::nudge);
    }

    JournalLook.Floor floor() {
        return journal.floor();
    }

    /** Whether somebody waits for what another instance does, so that the next look should not be long in coming. */
    boolean isAwaited() {
        return groups.stream()
                .anyMatch(group -> group.follows() && !group.waiting().isEmpty());
    }

    /** One look at everything. */
    void look() {
        tell();
        giveUpLocks();
        long askedNanos = System.nanoTime();
        List<Sight> sights = new ArrayList<>();
        List<String> followed = new ArrayList<>();
        for (GroupReplay group : groups) {
            group.wake();
            Sight sight = group.sight();
            if (sight != null) {
                sights.add(sight);
            } else if (group.follows()) {
                followed.add(group.name());
            }
        }
        Future<RowSet<Row>> looked = journal.ask();
        Future<RowSet<Row>> read = followed.isEmpty() ? Future.succeededFuture() : rows.askFollowed(followed);
        JournalLook.Seen seen = journal.seen(looked);
        if (!followed.isEmpty()) {
            follow(rows.followed(read, seen.clock(), askedNanos));
        }
        watchdog.changed(sights).forEach(this::changed);
        watchdog.withDueLetters(sights).forEach(GroupReplay::nudge);
        List<Sight> idle = new ArrayList<>();
        for (Sight sight : sights) {
            boolean busy = sight.office().shape().tables().stream()
                    .anyMatch(table -> seen.repositories().contains(table.journalId()));
            if (busy) {
                sight.group().nudge();
            } else if (sight.group().beginRenewal(sight)) {
                idle.add(sight);
            }
        }
        if (!idle.isEmpty()) {
            renew(idle, seen, askedNanos);
        }
        tryToLead();
    }

    private void renew(List<Sight> idle, JournalLook.Seen seen, long askedNanos) {
        List<Renewal> renewals;
        try {
            renewals = rows.renew(idle, seen.asOf());
        } catch (RuntimeException | Error e) {
            // Also those that were removed meanwhile, whom nobody else would release.
            reports.lost(idle.stream().map(Sight::group).toList(), Problems.describe(e));
            throw e;
        }
        renewals.forEach(renewal -> renewed(renewal, seen, askedNanos));
    }

    private void nudge(String name) {
        groups.stream().filter(group -> group.name().equals(name)).forEach(GroupReplay::nudge);
    }

    /** Wakes the leaders elsewhere, in a transaction of its own: a NOTIFY makes commits wait for each other. */
    private void tell() {
        Map<GroupReplay, List<Waiting.Caller>> asking = new LinkedHashMap<>();
        for (GroupReplay group : groups) {
            if (group.follows()) {
                List<Waiting.Caller> callers = group.waiting().withoutMoment();
                if (!callers.isEmpty()) {
                    asking.put(group, callers);
                }
            }
        }
        if (!asking.isEmpty()) {
            var now =
                    journal.tell(asking.keySet().stream().map(GroupReplay::name).toList());
            asking.forEach((group, callers) -> group.waiting().at(now, callers));
        }
    }

    private void follow(Map<String, Followed> seen) {
        for (GroupReplay group : groups) {
            Followed its = seen.get(group.name());
            if (its != null) {
                group.followed(its.progress());
            }
            String pulse = its == null ? "" : its.pulse();
            if (!pulse.equals(pulses.put(group.name(), pulse))) {
                pulsesSince.put(group.name(), System.nanoTime());
            }
        }
    }

    private void changed(Sight sight, String side) {
        if (sight.group().beginRenewal(sight)) {
            reports.failed(sight.group(), "the tables of the " + side + " were changed", true);
        }
    }

    private void renewed(Renewal renewal, JournalLook.Seen seen, long askedNanos) {
        if (renewal.done()) {
            renewal.group().renewed(seen.asOf(), askedNanos, renewal.caughtUpAt());
            reports.idle(renewal.group());
        } else if (renewal.leading()) {
            renewal.group().renewed(null, askedNanos, null);
        } else {
            reports.steppedDown(renewal.group());
        }
    }

    /** Takes the locks that nobody holds, and the place of leaders who do not get on. */
    private void tryToLead() {
        if (System.nanoTime() - lastTry < NANOS_BETWEEN_TRIES) {
            return;
        }
        lastTry = System.nanoTime();
        Map<String, GroupReplay> trying = new LinkedHashMap<>();
        groups.stream().filter(GroupReplay::wouldLead).forEach(group -> trying.put(group.name(), group));
        // Who has taken the place of a sleeping leader takes the lock as soon as that one lets go.
        Set<String> unlocked = new HashSet<>(trying.keySet());
        groups.stream().filter(GroupReplay::isCandidate).map(GroupReplay::name).forEach(unlocked::add);
        unlocked.removeAll(rows.held());
        if (unlocked.isEmpty()) {
            return;
        }
        Set<String> got = rows.lock(unlocked);
        trying.forEach((name, group) -> {
            Long since = pulsesSince.get(name);
            boolean asleep = since != null
                    && System.nanoTime() - since > settings.takeOverAfter().toNanos();
            if (got.contains(name) || asleep) {
                pulses.remove(name);
                pulsesSince.remove(name);
                group.mayLead();
            }
        });
    }

    private void giveUpLocks() {
        Set<String> ours = new HashSet<>(rows.held());
        groups.stream().filter(GroupReplay::isCandidate).map(GroupReplay::name).forEach(ours::remove);
        rows.unlock(ours);
    }
}
