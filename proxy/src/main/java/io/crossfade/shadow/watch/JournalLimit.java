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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    /**
     * Whether nobody needs these entries is for this side to say, in the very statement: what this proxy believes may be
     * late. A side that says that it takes the writes, or did when they were taken from it, holds what the other one lacks,
     * and after an installation the entries are those by which the rows are compared anew.
     */
    private static final String CLEAR = """
            DELETE FROM crossfade.journal WHERE id = ANY (ARRAY(
              SELECT j.id FROM crossfade.journal AS j JOIN crossfade.repository AS r ON r.id = j.repository
              WHERE r.group_name = ANY ($1::text[]) AND (
                EXISTS (SELECT FROM crossfade.capture AS c WHERE c.group_name = r.group_name AND c.given_up)
                OR NOT EXISTS (SELECT FROM crossfade.state AS s WHERE s.group_name = r.group_name AND s.authority = $2))
              LIMIT 10000))""";

    private static final String VACUUM = "VACUUM crossfade.journal";

    private final Sides sides;
    private final JournalSettings settings;
    private final Watched watched;
    private final Observer observer;
    private final Set<Side> alarmed = ConcurrentHashMap.newKeySet();
    private long lastNanos = System.nanoTime() - PAUSE_NANOS;

    JournalLimit(Sides sides, JournalSettings settings, Watched watched, Observer observer) {
        this.sides = sides;
        this.settings = settings;
        this.watched = watched;
        this.observer = observer;
    }

    /**
     * Judges the journal of each side by what was seen of it.
     *
     * @param standings where each group stands; a group that is left out is not touched
     */
    Future<Void> check(Looks looks, Map<String, Standing> standings) {
        boolean due = !standings.isEmpty() && System.nanoTime() - lastNanos >= PAUSE_NANOS;
        List<Future<Void>> acts = new ArrayList<>();
        looks.answering().forEach((side, look) -> {
            alarm(side, look.journalBytes());
            Set<String> its = standing(standings, side);
            Set<String> givenUp = intersection(look.groups(Seen::givenUp), its);
            // What a crash left half done, and what was in flight when the group was given up.
            Set<String> left = intersection(look.groups(seen -> seen.givenUp() && seen.entries() > 0), its);
            if (!left.isEmpty()) {
                acts.add(clear(side, left));
            }
            givenUp.stream()
                    .filter(group -> watched.authority(group) == side)
                    .forEach(group -> acts.add(endShadowing(look, group)));
            if (due && look.journalBytes() >= settings.alarmSize()) {
                lastNanos = System.nanoTime();
                acts.add(choose(side, look, its, idle(side, look, looks.ofShadow(side), standings)));
                // Nobody replays what is written on the side that is not the authority.
                Set<String> useless = intersection(look.groups(any -> true), standing(standings, side.other()));
                if (!useless.isEmpty()) {
                    acts.add(clear(side, useless));
                }
            }
        });
        return Future.join(acts).mapEmpty();
    }

    private void alarm(Side side, long bytes) {
        if (bytes < settings.alarmSize()) {
            alarmed.remove(side);
        } else if (alarmed.add(side)) {
            observer.observe(new Observation.JournalAlarm(side, bytes, settings.hardSize()));
        }
    }

    /** The groups whose authority is that side. */
    private static Set<String> standing(Map<String, Standing> standings, Side side) {
        return standings.entrySet().stream()
                .filter(each -> each.getValue().authority() == side)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /**
     * Groups whose entries nobody waits for: by their state, and because no proxy replays them, neither this one nor, as the
     * fence on the target shows, another. Legacy keeps its fence also when nothing is brought to it any more.
     */
    private Set<String> idle(Side side, Look look, @Nullable Look shadow, Map<String, Standing> standings) {
        if (side == Side.LEGACY && shadow == null && sides.find(Side.TARGET).isPresent()) {
            return Set.of();
        }
        Set<String> resting = standings.entrySet().stream()
                .filter(each -> each.getValue().authority() == side
                        && !each.getValue().shadowed()
                        && watched.authority(each.getKey()) == null)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return intersection(
                look.groups(seen -> side == Side.TARGET
                        || shadow == null
                        || shadow.find(seen.name()).map(Seen::fenceNow).isEmpty()),
                resting);
    }

    private Future<Void> choose(Side side, Look look, Set<String> its, Set<String> idle) {
        Database database = sides.find(side).orElseThrow();
        return database.run(HELD, Tuple.tuple(), true).compose(rows -> {
            long rest = 0;
            for (Row row : rows) {
                rest += its.contains(row.getString(0)) ? row.getLong(1) : 0;
            }
            boolean hard = look.journalBytes() >= settings.hardSize() && rest >= settings.hardSize() / 2;
            boolean soft = rest >= settings.alarmSize() / 2;
            List<Future<Void>> acts = new ArrayList<>();
            for (Row row : rows) {
                String group = row.getString(0);
                boolean largest = hard && settings.givesUp() && rest >= settings.hardSize() / 4;
                if (its.contains(group) && (largest || (soft && idle.contains(group)))) {
                    rest -= row.getLong(1);
                    acts.add(giveUp(side, look, group));
                }
            }
            return acts.isEmpty()
                    ? database.run(VACUUM, Tuple.tuple(), false).mapEmpty()
                    : Future.join(acts).mapEmpty();
        });
    }

    /** Capture stops first, so that the journal cannot grow again behind the clearing. */
    private Future<Void> giveUp(Side side, Look look, String group) {
        String reason = "The journal had grown to " + look.journalBytes() / (1 << 20)
                + " MB, and this group was given up to keep the disk of " + side.label() + " from filling. Once "
                + (side == Side.LEGACY ? "the target" : "legacy")
                + " keeps up, run './crossfade install' and move the group to "
                + (side == Side.LEGACY ? "dual-write" : "live") + " again.";
        Database database = sides.find(side).orElseThrow();
        return CaptureRecord.giveUp((sql, values) -> database.run(sql, values, false), group, reason)
                .compose(stopped -> endShadowing(look, group))
                .compose(ended -> clear(side, Set.of(group)));
    }

    private Future<Void> endShadowing(Look look, String group) {
        Set<String> members = look.repositories().stream()
                .filter(seen -> seen.group().equals(group))
                .map(Seen::name)
                .collect(Collectors.toSet());
        return watched.giveUp(members, "the journal was given up");
    }

    private Future<Void> clear(Side side, Set<String> groups) {
        return clear(sides.find(side).orElseThrow(), groups);
    }

    private Future<Void> clear(Database database, Set<String> groups) {
        Tuple values =
                Tuple.of(groups.toArray(String[]::new), database.side().label());
        return database.run(CLEAR, values, false)
                .compose(cleared -> cleared.rowCount() > 0
                        ? clear(database, groups)
                        : database.run(VACUUM, Tuple.tuple(), false).mapEmpty());
    }

    private static Set<String> intersection(Set<String> some, Set<String> others) {
        return some.stream().filter(others::contains).collect(Collectors.toSet());
    }
}
