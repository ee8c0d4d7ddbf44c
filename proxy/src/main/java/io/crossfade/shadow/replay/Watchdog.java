package io.crossfade.shadow.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks, a few groups at a time, whether the tables of idle groups are still what they were, so that each is looked at
 * once a second; and whether dead letters are due, or were discarded.
 */
final class Watchdog {
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String LETTERS = """
            SELECT repository, count(*), count(*) FILTER (WHERE next_try_at <= clock_timestamp())
            FROM crossfade.dead_letter WHERE repository = ANY ($1) GROUP BY repository""";

    private final Session authority;
    private final Session shadow;
    private final Duration tick;
    private int next;

    Watchdog(SessionPair sessions, Duration tick) {
        this.authority = sessions.authority();
        this.shadow = sessions.shadow();
        this.tick = tick;
    }

    /** The groups whose tables are not what they were, and the side where. */
    Map<Sight, String> changed(List<Sight> sights) {
        Map<Sight, List<Future<RowSet<Row>>>> answers = new LinkedHashMap<>();
        int several = (int) Math.min(sights.size(), 1 + sights.size() * tick.toNanos() / ROUND_NANOS);
        for (int i = 0; i < several; i++) {
            Sight sight = sights.get(Math.floorMod(next++, sights.size()));
            Shape shape = sight.office().shape();
            answers.put(
                    sight,
                    List.of(
                            authority.send(Shape.FINGERPRINT, Tuple.of(Shape.array(shape.fromOids()))),
                            shadow.send(Shape.FINGERPRINT, Tuple.of(Shape.array(shape.toOids())))));
        }
        Map<Sight, String> changed = new LinkedHashMap<>();
        answers.forEach((sight, sides) -> {
            Shape shape = sight.office().shape();
            if (!text(authority, sides.get(0)).equals(shape.fromFingerprint())) {
                changed.put(sight, "authority");
            }
            if (!text(shadow, sides.get(1)).equals(shape.toFingerprint())) {
                changed.put(sight, "shadow");
            }
        });
        return changed;
    }

    /** The groups that have dead letters to try again, or other ones than they know. */
    List<GroupReplay> withDueLetters(List<Sight> sights) {
        List<Sight> having = sights.stream()
                .filter(sight -> sight.office().deadLetters().size() > 0)
                .toList();
        if (having.isEmpty()) {
            return List.of();
        }
        String[] repositories = having.stream()
                .flatMap(sight -> List.of(sight.office().deadLetters().repositories()).stream())
                .toArray(String[]::new);
        Map<String, long[]> counts = new HashMap<>();
        shadow.run(LETTERS, Tuple.of((Object) repositories))
                .forEach(row -> counts.put(row.getString(0), new long[] {row.getLong(1), row.getLong(2)}));
        List<GroupReplay> due = new ArrayList<>();
        for (Sight sight : having) {
            long all = 0;
            long now = 0;
            for (String repository : sight.office().deadLetters().repositories()) {
                long @Nullable [] count = counts.get(repository);
                all += count == null ? 0 : count[0];
                now += count == null ? 0 : count[1];
            }
            boolean others = all != sight.office().deadLetters().size();
            if (others) {
                sight.office().deadLetters().forget();
            }
            if (others || now > 0) {
                due.add(sight.group());
            }
        }
        return due;
    }

    private static String text(Session session, Future<RowSet<Row>> answer) {
        return session.await(answer).iterator().next().getString(0);
    }
}
