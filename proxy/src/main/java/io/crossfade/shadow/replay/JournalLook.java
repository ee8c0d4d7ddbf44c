package io.crossfade.shadow.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the journals of all groups with one statement, and leaves out what cannot hold an entry any more: beside a
 * reader with an old snapshot the entries of hours stay in the index, and every look would walk through them.
 *
 * <p>The <em>floor</em> is an id that no entry is at or below, now or later. A transaction that draws an id has its own
 * number before it draws. So the last id that was drawn is read, then a transaction number is taken; once every
 * transaction up to that number has ended, nobody can commit an id up to the one that was read, and what a snapshot then
 * shows of them is all there is. (The snapshot's own upper bound would not do: a transaction that runs may have a higher
 * number than it.) The floor ends with the session: a server that crashes may give ids out again.
 *
 * <p>Threads: the watcher's; {@link #floor} may be called from any.
 */
final class JournalLook {
    private static final String LOOK = """
            SELECT now(), clock_timestamp(), s.last_value - CASE WHEN s.is_called THEN 0 ELSE 1 END,
              txid_snapshot_xmin(txid_current_snapshot()), j.lowest, j.repositories
            FROM crossfade.journal_id_seq AS s, (
              SELECT min(id) AS lowest, array_agg(DISTINCT repository) AS repositories
              FROM crossfade.journal WHERE id > $1) AS j""";

    private static final String TELL =
            "SELECT clock_timestamp(), pg_notify('crossfade_replay', g) FROM unnest($1::text[]) AS g";

    private static final long NANOS_BETWEEN_NUMBERS = TimeUnit.MILLISECONDS.toNanos(100);

    /** For an entry that somebody wrote by hand, whose transaction may have taken its number after the id. */
    private static final long NANOS_BETWEEN_WHOLE_LOOKS = TimeUnit.SECONDS.toNanos(30);

    private final Session authority;
    private volatile Floor floor = new Floor(0, System.nanoTime());
    private long endedId;
    private long drawnId;
    private @Nullable Long afterDrawing;
    private long lastNumber = System.nanoTime() - NANOS_BETWEEN_NUMBERS;
    private long lastWholeLook = System.nanoTime();
    private long askedAbove;
    private long askedNanos;

    JournalLook(Session authority) {
        this.authority = authority;
    }

    Floor floor() {
        return floor;
    }

    Future<RowSet<Row>> ask() {
        boolean whole = System.nanoTime() - lastWholeLook > NANOS_BETWEEN_WHOLE_LOOKS;
        askedAbove = whole ? 0 : floor.id();
        askedNanos = System.nanoTime();
        if (whole) {
            lastWholeLook = System.nanoTime();
        }
        return authority.send(LOOK, Tuple.of(askedAbove));
    }

    Seen seen(Future<RowSet<Row>> answer) {
        Row row = authority.await(answer).iterator().next();
        Integer[] repositories = row.getArrayOfIntegers(5);
        if (row.getLong(2) < askedAbove) {
            // The sequence was made anew, and what was asked means nothing.
            endedId = 0;
            afterDrawing = null;
            floor = new Floor(0, askedNanos);
            return seen(ask());
        }
        raise(row.getLong(2), row.getLong(3), row.getLong(4));
        return new Seen(
                row.get(OffsetDateTime.class, 0),
                row.get(OffsetDateTime.class, 1),
                repositories == null ? Set.of() : Set.of(repositories));
    }

    /** Tells those who lead these groups that somebody waits, and says what the time is. */
    OffsetDateTime tell(Collection<String> groups) {
        return authority
                .run(TELL, Tuple.of((Object) groups.toArray(String[]::new)))
                .iterator()
                .next()
                .get(OffsetDateTime.class, 0);
    }

    private void raise(long lastDrawn, long oldestRunning, @Nullable Long lowest) {
        if (afterDrawing != null && oldestRunning > afterDrawing) {
            endedId = drawnId;
            afterDrawing = null;
        }
        floor = new Floor(lowest == null ? endedId : Math.min(endedId, lowest - 1), askedNanos);
        if (afterDrawing == null && lastDrawn > endedId && System.nanoTime() - lastNumber > NANOS_BETWEEN_NUMBERS) {
            lastNumber = System.nanoTime();
            drawnId = lastDrawn;
            // A statement of its own, so that its number comes after the look at the sequence.
            afterDrawing = authority
                    .run("SELECT txid_current()", Tuple.tuple())
                    .iterator()
                    .next()
                    .getLong(0);
        }
    }

    /**
     * What one look found.
     *
     * @param asOf a moment before which everything that committed is seen
     * @param clock the authority's clock after that
     * @param repositories those that have entries, as the journal names them
     */
    record Seen(OffsetDateTime asOf, OffsetDateTime clock, Set<Integer> repositories) {}

    /**
     * An id that no entry is at or below.
     *
     * @param confirmedNanos when the session that found it was last asked, and answered: a session that was opened before
     *     then, and still answers, has seen no crash of the server since
     */
    record Floor(long id, long confirmedNanos) {
        /** For one session of the authority. */
        long forSessionOpenedAt(long nanos) {
            return confirmedNanos - nanos > 0 ? id : 0;
        }
    }
}
