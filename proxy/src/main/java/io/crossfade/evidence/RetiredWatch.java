package io.crossfade.evidence;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.RetiredSideUsed;
import io.crossfade.observation.Observation.RetiredSideUsed.Use;
import io.crossfade.observation.Observer;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Notices whoever still uses a side that has not the authority, by counters that any owner of the tables may read. Reads and
 * writes are seen where nothing of ours runs any more: tables of groups in stage {@code complete}. Writes that the fence
 * refuses are seen at every stage. Who it was is not seen: {@code pg_stat_activity} tells while they are connected. A backup
 * reads, too.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class RetiredWatch {
    private static final Duration BETWEEN_TELLS = Duration.ofHours(1);

    private final Vertx vertx;
    private final Sides sides;
    private final Function<Side, Set<String>> retired;
    private final Duration settle;
    private final InstantSource clock;
    private final Observer told;
    private final Map<Side, Baseline> baselines = new EnumMap<>(Side.class);
    private final Map<Side, Future<?>> looking = new EnumMap<>(Side.class);
    private final Map<Alarm, Long> untold = new HashMap<>();
    private final Map<Alarm, Instant> toldAt = new HashMap<>();
    private final long timer;

    private RetiredWatch(
            Vertx vertx,
            Sides sides,
            Function<Side, Set<String>> retired,
            Duration every,
            Duration settle,
            InstantSource clock,
            Observer told) {
        this.vertx = vertx;
        this.sides = sides;
        this.retired = retired;
        this.settle = settle;
        this.clock = clock;
        this.told = told;
        this.timer = vertx.setPeriodic(every.toMillis(), tick -> look());
    }

    /**
     * Begins to look.
     *
     * @param retired the repositories that are at rest on a side
     * @param settle how long after a change of these it takes until the counters have what our own proxies did before
     * @param told hears of what others do, at most once an hour for each side and use
     */
    public static RetiredWatch open(
            Vertx vertx,
            Sides sides,
            Function<Side, Set<String>> retired,
            Duration every,
            Duration settle,
            InstantSource clock,
            Observer told) {
        return new RetiredWatch(vertx, sides, retired, every, settle, clock, told);
    }

    /** What was told within the last hour. */
    public synchronized Map<Alarm, Instant> now() {
        Map<Alarm, Instant> now = new HashMap<>(toldAt);
        now.values().removeIf(at -> at.plus(BETWEEN_TELLS).isBefore(clock.instant()));
        return now;
    }

    /** Looks no more. */
    public void close() {
        vertx.cancelTimer(timer);
    }

    private synchronized void look() {
        for (Database database : sides.all()) {
            Side side = database.side();
            Future<?> before = looking.get(side);
            if ((before == null || before.isComplete()) && sides.problem(side) == null) {
                Set<String> names = retired.apply(side);
                // A side that cannot be asked is asked again with the next tick.
                looking.put(side, UseCounters.read(database, names).onSuccess(seen -> compare(side, names, seen)));
            }
        }
    }

    private void compare(Side side, Set<String> names, UseCounters seen) {
        List<RetiredSideUsed> alarms = new ArrayList<>();
        synchronized (this) {
            @Nullable Baseline before = baselines.get(side);
            Instant now = clock.instant();
            boolean same = before != null && before.names().equals(names);
            Instant since = same && before != null ? before.since() : now;
            baselines.put(side, new Baseline(names, since, seen));
            if (before == null) {
                return;
            }
            count(alarms, side, Use.REFUSED, seen.refused() - before.seen().refused());
            // What our own proxies did before may be counted late.
            if (same && !since.plus(settle).isAfter(now)) {
                count(alarms, side, Use.READS, seen.reads() - before.seen().reads());
                count(alarms, side, Use.WRITES, seen.writes() - before.seen().writes());
            }
        }
        alarms.forEach(told::observe);
    }

    /** Counters that were set back say nothing. */
    private void count(List<RetiredSideUsed> alarms, Side side, Use use, long more) {
        if (more <= 0) {
            return;
        }
        Alarm alarm = new Alarm(side, use);
        Instant before = toldAt.get(alarm);
        Instant now = clock.instant();
        long all = untold.merge(alarm, more, Long::sum);
        if (before == null || before.plus(BETWEEN_TELLS).isBefore(now)) {
            toldAt.put(alarm, now);
            untold.remove(alarm);
            alarms.add(new RetiredSideUsed(side, use, all));
        }
    }

    /** A side and what is done there. */
    public record Alarm(Side side, Use use) {}

    /**
     * The counters at the last look.
     *
     * @param since when these became the repositories that are at rest
     */
    private record Baseline(Set<String> names, Instant since, UseCounters seen) {}
}
