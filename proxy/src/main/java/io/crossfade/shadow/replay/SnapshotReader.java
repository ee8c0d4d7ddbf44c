package io.crossfade.shadow.replay;

import static java.util.stream.Collectors.joining;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes journal entries and the rows of their keys from the authority, all in one snapshot.
 *
 * <p>The tables are locked before the snapshot is taken: a rewrite or TRUNCATE that commits in between would make rows
 * look deleted, because neither is seen by snapshots.
 */
final class SnapshotReader {
    /** Truncations and resyncs first, so that a slice that comes before their expansion cannot undo it. */
    private static final String ENTRIES = """
            WITH special AS (
              SELECT id, repository, kind FROM crossfade.journal
              WHERE repository = ANY ($1) AND kind <> 'keys' AND id > $3 AND id NOT IN (SELECT unnest($4::bigint[]))
              ORDER BY id LIMIT 1000),
            candidate AS (
              SELECT id, repository, kind, keys, cardinality(keys) AS n FROM crossfade.journal
              WHERE repository = ANY ($1) AND kind = 'keys' AND id > $3 AND id NOT IN (SELECT unnest($4::bigint[]))
              ORDER BY id LIMIT $2),
            counted AS (SELECT *, sum(n) OVER (ORDER BY id) - n AS before FROM candidate)
            SELECT id, repository, kind, 0 AS n, NULL::text[] AS keys FROM special
            UNION ALL
            SELECT id, repository, kind, n, CASE WHEN n <= $2 THEN keys END FROM counted WHERE before < $2""";

    static final String MOMENT = "SELECT now(), pg_current_wal_insert_lsn()::text, (" + Shape.FINGERPRINT + ")";

    /** As ENTRIES says. */
    private static final int MOST_SPECIALS = 1_000;

    private final Session authority;
    private final Session shadow;
    private final Shape shape;
    private final Expansion expansion;
    private final String begin;
    private final Integer[] repositories;
    private final Map<Integer, Table> byId = new HashMap<>();
    private final Map<String, Table> byName = new HashMap<>();
    private final Map<Table, String> reads = new LinkedHashMap<>();
    private final SliceSize size;
    private final Flush flush;

    SnapshotReader(Session authority, Session shadow, Shape shape, SliceSize size) {
        this.authority = authority;
        this.shadow = shadow;
        this.shape = shape;
        this.expansion = new Expansion(authority, shadow);
        this.size = size;
        this.flush = new Flush(authority);
        this.begin = begin(shape);
        this.repositories = shape.tables().stream().map(Table::journalId).toArray(Integer[]::new);
        shape.tables().forEach(table -> {
            byId.put(table.journalId(), table);
            byName.put(table.repository(), table);
            reads.put(table, TableSql.read(table));
        });
    }

    /** Begins a snapshot of these tables. */
    static String begin(Shape shape) {
        return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; LOCK TABLE "
                + shape.tables().stream().map(Table::from).collect(joining(", ")) + " IN ACCESS SHARE MODE";
    }

    /**
     * Reads the next batch. Where rows are so wide that a slice takes one key, it holds one key and no other: of several,
     * those that do not come any more could not be told from those that are gone.
     *
     * @param due dead letters that are to be tried again; one at most where a slice takes one key
     * @param floor an id below which no entry can be any more
     * @param otherwise whether more than one batch holds is to be moved in another way
     * @return null where entries had to be written out first, were too much, or go another way; then look again
     */
    @Nullable
    Snapshot read(int sliceKeys, List<DeadLetterBox.Address> due, long floor, BooleanSupplier otherwise) {
        boolean single = sliceKeys == 1;
        Opened opened = open(sliceKeys, List.of(), floor);
        Map<Table, Set<String>> keys = new LinkedHashMap<>();
        List<Long> taken = new ArrayList<>();
        int count = 0;
        int specials = 0;
        for (Row entry : single ? first(opened.entries(), due) : opened.entries()) {
            Table table = Objects.requireNonNull(byId.get(entry.getInteger(1)));
            if (!take(table, entry, keys.computeIfAbsent(table, ignored -> new LinkedHashSet<>()), sliceKeys)) {
                authority.run("ROLLBACK");
                expansion.expand(table, entry.getLong(0), entry.getString(2), sliceKeys);
                return null;
            }
            taken.add(entry.getLong(0));
            count += Math.max(1, entry.getInteger(3));
            specials += entry.getInteger(3) == 0 ? 1 : 0;
        }
        due.forEach(letter -> {
            Table table = byName.get(letter.repository());
            if (table != null) {
                keys.computeIfAbsent(table, ignored -> new LinkedHashSet<>()).add(letter.key());
            }
        });
        boolean more = count >= sliceKeys || specials >= MOST_SPECIALS || (single && !due.isEmpty());
        if (more && specials == 0 && due.isEmpty() && otherwise.getAsBoolean()) {
            authority.run("ROLLBACK");
            return null;
        }
        return finish(opened, taken, due, keys, more);
    }

    /** The one that comes first, and none beside a dead letter. */
    private static List<Row> first(RowSet<Row> entries, List<DeadLetterBox.Address> due) {
        List<Row> first = new ArrayList<>();
        for (Row entry : entries) {
            boolean special = !entry.getString(2).equals("keys");
            if (due.isEmpty() && (special || first.isEmpty())) {
                first.clear();
                first.add(entry);
                if (special) {
                    break;
                }
            }
        }
        return first;
    }

    /**
     * Reads the batch after one that is still being written. It is never the end of a backlog: those who wait for that have
     * to see a snapshot that was taken after they asked. It touches the authority alone, and leaves to {@link #read}
     * whatever needs the shadow or has to be written out first.
     *
     * @param inFlight entries of the batch before it, which are still in the journal
     * @return null where there is nothing, or nothing that can be read ahead
     */
    @Nullable
    Snapshot readAhead(int sliceKeys, List<Long> inFlight, long floor) {
        Opened opened = open(sliceKeys, inFlight, floor);
        Map<Table, Set<String>> keys = new LinkedHashMap<>();
        List<Long> taken = new ArrayList<>();
        for (Row entry : opened.entries()) {
            Table table = Objects.requireNonNull(byId.get(entry.getInteger(1)));
            String[] listed = entry.getArrayOfStrings(4);
            if (listed == null) {
                taken.clear();
                break;
            }
            keys.computeIfAbsent(table, ignored -> new LinkedHashSet<>()).addAll(List.of(listed));
            taken.add(entry.getLong(0));
        }
        if (taken.isEmpty()) {
            authority.run("ROLLBACK");
            return null;
        }
        return finish(opened, taken, List.of(), keys, true);
    }

    private Opened open(int sliceKeys, List<Long> inFlight, long floor) {
        long seenNanos = System.nanoTime();
        Future<RowSet<Row>> begun = authority.send(begin);
        Future<RowSet<Row>> moment = authority.send(MOMENT, Tuple.of(Shape.array(shape.fromOids())));
        Future<RowSet<Row>> entries =
                authority.send(ENTRIES, Tuple.of(repositories, sliceKeys, floor, Shape.array(inFlight)));
        authority.await(begun);
        Row at = authority.await(moment).iterator().next();
        if (!at.getString(2).equals(shape.fromFingerprint())) {
            throw new ChangedShapeException("authority");
        }
        return new Opened(seenNanos, at, authority.await(entries));
    }

    private @Nullable Snapshot finish(
            Opened opened,
            List<Long> taken,
            List<DeadLetterBox.Address> due,
            Map<Table, Set<String>> keys,
            boolean more) {
        String seen = opened.at().getString(1);
        if (keys.values().stream().allMatch(Set::isEmpty)) {
            flush.await(seen, flush.end(seen));
            return new Snapshot(
                    opened.at().get(OffsetDateTime.class, 0), opened.seenNanos(), taken, due, List.of(), more, 0);
        }
        // Not before the journal was read: there the floor, an id, has to be known to the planner.
        Future<RowSet<Row>> planned = authority.send(TableSql.PLANNED_ONCE);
        RowImages images = RowImages.ask(authority, reads, keys);
        Flush.Ending ending = flush.end(seen);
        authority.await(planned);
        List<RowImage> rows = images.await(authority);
        flush.await(seen, ending);
        if (images.areCut() && images.keys() > 1) {
            size.tooWide(Math.max(1, rows.size()));
            return null;
        }
        size.took(images.keys(), images.bytes());
        return new Snapshot(
                opened.at().get(OffsetDateTime.class, 0), opened.seenNanos(), taken, due, rows, more, images.bytes());
    }

    private boolean take(Table table, Row entry, Set<String> keys, int sliceKeys) {
        if (entry.getString(2).equals("truncate")) {
            RowSet<Row> all = shadow.run(TableSql.keysOfShadow(table) + " LIMIT " + (sliceKeys + 1));
            all.forEach(row -> keys.add(row.getString(0)));
            return all.size() <= sliceKeys;
        }
        String[] listed = entry.getArrayOfStrings(4);
        if (entry.getString(2).equals("resync") || listed == null) {
            return false;
        }
        keys.addAll(List.of(listed));
        return true;
    }

    /** A transaction that has taken its snapshot. */
    private record Opened(long seenNanos, Row at, RowSet<Row> entries) {}

    /** The tables are not what they were when the leader took office. */
    static final class ChangedShapeException extends RuntimeException {
        ChangedShapeException(String side) {
            super("the tables of the " + side + " were changed");
        }
    }
}
