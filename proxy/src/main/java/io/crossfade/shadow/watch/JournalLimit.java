package io.crossfade.shadow.watch;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observer;
import io.crossfade.settings.JournalSettings;
import io.crossfade.shadow.install.CaptureRecord;
import io.crossfade.shadow.watch.Look.Seen;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the journal from filling the application's disk. Groups that nobody shadows are given up at the alarm size, the
 * largest of the others at the hard size, if the policy says so. A group that was given up captures nothing until it is
 * installed again, and what was proved of it is void.
 *
 * <p>Only entries count: space that replay gave back is used again before the file grows. Counting them reads the whole
 * journal, so it is done above the alarm size alone, and not each second.
 */
final class JournalLimit {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** The text of the keys, and what a row and its place in the index take. */
    private static final String HELD = """
            SELECT r.group_name, sum(pg_catalog.pg_column_size(j.keys) + 64)::bigint
            FROM crossfade.journal AS j JOIN crossfade.repository AS r ON r.id = j.repository
            GROUP BY r.group_name ORDER BY 2 DESC""";

    private static final String CLEAR = """
            DELETE FROM crossfade.journal WHERE id = ANY (ARRAY(
              SELECT j.id FROM crossfade.journal AS j JOIN crossfade.repository AS r ON r.id = j.repository
              WHERE r.group_name = ANY ($1::text[]) LIMIT 10000))""";

    private static final String VACUUM = "VACUUM crossfade.journal";

    private final JournalSettings settings;
    private final Watched watched;
    private final Observer observer;
    private long lastNanos = System.nanoTime() - PAUSE_NANOS;
    private boolean alarmed;

    JournalLimit(JournalSettings settings, Watched watched, Observer observer) {
        this.settings = settings;
        this.watched = watched;
        this.observer = observer;
    }

    Future<Void> check(Sides sides, Look authority, @Nullable Look shadow) {
        Database legacy = sides.find(Side.LEGACY).orElseThrow();
        alarm(authority.journalBytes());
        List<Future<Void>> acts = new ArrayList<>();
        Set<String> givenUp = groups(authority, Seen::givenUp);
        // What a crash left half done, and what was in flight when the group was given up.
        if (authority.repositories().stream().anyMatch(seen -> seen.givenUp() && seen.entries() > 0)) {
            acts.add(clear(legacy, givenUp));
        }
        watched.groups().stream().filter(givenUp::contains).forEach(group -> acts.add(endShadowing(authority, group)));
        boolean full = authority.journalBytes() >= settings.alarmSize();
        boolean otherFull = shadow != null && shadow.journalBytes() >= settings.alarmSize();
        if ((full || otherFull) && System.nanoTime() - lastNanos >= PAUSE_NANOS) {
            lastNanos = System.nanoTime();
            if (full) {
                acts.add(choose(legacy, authority, idle(sides, authority, shadow)));
            }
            if (shadow != null && otherFull) {
                // Nobody replays what is written on the side that is not the authority.
                acts.add(clear(sides.find(Side.TARGET).orElseThrow(), groups(shadow, seen -> true)));
            }
        }
        return Future.join(acts).mapEmpty();
    }

    private void alarm(long bytes) {
        boolean now = bytes >= settings.alarmSize();
        if (now && !alarmed) {
            observer.observe(new Observation.JournalAlarm(Side.LEGACY, bytes, settings.hardSize()));
        }
        alarmed = now;
    }

    /** Groups whose entries nobody waits for: shadowed neither here nor, as the fence shows, by another proxy. */
    private Set<String> idle(Sides sides, Look authority, @Nullable Look shadow) {
        if (shadow == null && sides.find(Side.TARGET).isPresent()) {
            return Set.of();
        }
        return groups(
                authority,
                seen -> !watched.groups().contains(seen.group())
                        && (shadow == null
                                || shadow.find(seen.name()).map(Seen::fenceNow).isEmpty()));
    }

    private Future<Void> choose(Database legacy, Look authority, Set<String> idle) {
        return legacy.run(HELD, Tuple.tuple(), true).compose(rows -> {
            long rest = 0;
            for (Row row : rows) {
                rest += row.getLong(1);
            }
            boolean hard = authority.journalBytes() >= settings.hardSize() && rest >= settings.hardSize() / 2;
            boolean soft = rest >= settings.alarmSize() / 2;
            List<Future<Void>> acts = new ArrayList<>();
            for (Row row : rows) {
                String group = row.getString(0);
                boolean largest = hard && settings.givesUp() && rest >= settings.hardSize() / 4;
                if (largest || (soft && idle.contains(group))) {
                    rest -= row.getLong(1);
                    acts.add(giveUp(legacy, authority, group));
                }
            }
            return acts.isEmpty()
                    ? legacy.run(VACUUM, Tuple.tuple(), false).mapEmpty()
                    : Future.join(acts).mapEmpty();
        });
    }

    /** Capture stops first, so that the journal cannot grow again behind the clearing. */
    private Future<Void> giveUp(Database legacy, Look authority, String group) {
        String reason = "The journal had grown to " + authority.journalBytes() / (1 << 20)
                + " MB, and this group was given up to keep the disk of legacy from filling. Once the target keeps up, run"
                + " './crossfade install' and move the group to dual-write again.";
        return CaptureRecord.giveUp((sql, values) -> legacy.run(sql, values, false), group, reason)
                .compose(stopped -> endShadowing(authority, group))
                .compose(ended -> clear(legacy, Set.of(group)));
    }

    private Future<Void> endShadowing(Look authority, String group) {
        Set<String> members = authority.repositories().stream()
                .filter(seen -> seen.group().equals(group))
                .map(Seen::name)
                .collect(Collectors.toSet());
        return watched.giveUp(members, "the journal was given up");
    }

    private Future<Void> clear(Database database, Set<String> groups) {
        return database.run(CLEAR, Tuple.of((Object) groups.toArray(String[]::new)), false)
                .compose(cleared -> cleared.rowCount() > 0
                        ? clear(database, groups)
                        : database.run(VACUUM, Tuple.tuple(), false).mapEmpty());
    }

    private static Set<String> groups(Look look, java.util.function.Predicate<Seen> which) {
        return look.repositories().stream().filter(which).map(Seen::group).collect(Collectors.toSet());
    }
}
