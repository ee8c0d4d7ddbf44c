package io.crossfade.mismatch;

import io.crossfade.settings.MismatchSettings;
import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;

/** Keeps what one side holds within its bounds. Several may do it at once. Threads: any. */
final class Tidying {
    /**
     * Those that somebody has resolved go first, then those that were never confirmed, the oldest of each before the others.
     * What is only equal again counts as confirmed, as for the gates.
     */
    private static final String BOUND = """
            WITH known AS (
              SELECT id, last_confirmed_at IS NOT NULL AS confirmed, last_seen_at,
                coalesce(resolved_at >= last_confirmed_at, resolved_at IS NOT NULL) AND resolved_by <> '%s' AS resolved
              FROM crossfade.mismatch),
            ranked AS (
              SELECT id, confirmed, resolved,
                row_number() OVER (ORDER BY resolved, NOT confirmed, last_seen_at DESC, id) AS place FROM known),
            gone AS (
              DELETE FROM crossfade.mismatch AS m USING ranked WHERE m.id = ranked.id AND ranked.place > $1
              RETURNING ranked.resolved, ranked.confirmed),
            counted AS (
              SELECT count(*) FILTER (WHERE confirmed) AS confirmed, count(*) FILTER (WHERE NOT confirmed) AS transient
              FROM gone WHERE NOT resolved)
            UPDATE crossfade.mismatch_dropped AS d
            SET transient = d.transient + counted.transient, confirmed = d.confirmed + counted.confirmed,
              confirmed_at = CASE WHEN counted.confirmed > 0 THEN now() ELSE d.confirmed_at END
            FROM counted WHERE counted.transient + counted.confirmed > 0""".formatted(FoundMismatch.CROSSFADE);

    private static final String AGE = """
            WITH old AS (
              DELETE FROM crossfade.mismatch WHERE last_seen_at < $1
                AND (last_confirmed_at IS NULL OR resolved_at >= last_confirmed_at)),
            writers AS (DELETE FROM crossfade.comparer WHERE at < $4)
            DELETE FROM crossfade.compared WHERE begins < CASE WHEN seconds < 3600 THEN $3::timestamptz ELSE $2::timestamptz END""";

    private static final Duration SHORT_SPANS = Duration.ofHours(2);
    private static final Duration SPANS = Duration.ofDays(14);

    /** A proxy that was silent for so long sends nothing a second time. */
    private static final Duration WRITERS = Duration.ofDays(30);

    private final Database side;
    private final MismatchSettings settings;
    private final Duration spans;

    /** @param soak how long the gates look back */
    Tidying(Database side, MismatchSettings settings, Duration soak) {
        this.side = side;
        this.settings = settings;
        this.spans = SPANS.plus(soak.multipliedBy(2));
    }

    /** Forgets what is too much. */
    Future<Void> bound() {
        return side.run(BOUND, Tuple.of(settings.keepAtMost()), false).mapEmpty();
    }

    /** Forgets what is too old. */
    Future<Void> age(OffsetDateTime now) {
        Tuple moments =
                Tuple.of(now.minus(settings.keepFor()), now.minus(spans), now.minus(SHORT_SPANS), now.minus(WRITERS));
        return side.run(AGE, moments, true).mapEmpty();
    }
}
