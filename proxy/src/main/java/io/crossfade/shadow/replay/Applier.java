package io.crossfade.shadow.replay;

import static java.util.stream.Collectors.joining;

import io.crossfade.observation.Observation.WriteMismatch;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings a snapshot to the shadow in one transaction, which begins by proving that no younger leader has taken over. A
 * row that the shadow refuses is kept as a dead letter; the others go on.
 */
final class Applier {
    static final String PROVE = "SELECT token FROM crossfade.replayer WHERE group_name = $1 AND token = $2 FOR UPDATE";

    /** A state that lies too long after the last one, or before it, ends the lease; only the one after it begins another. */
    private static final String PUBLISH = """
            UPDATE crossfade.replayer AS r SET
              as_of = CASE WHEN $3::boolean THEN r.as_of ELSE $2::timestamptz END,
              caught_up_at = CASE
                WHEN $5::boolean AND $2::timestamptz - r.as_of BETWEEN interval '0' AND $6::bigint * interval '1 microsecond'
                THEN coalesce(r.caught_up_at, $2::timestamptz) END,
              catching_up = $3, dead_letters = $4
            WHERE r.group_name = $1 AND r.token = $7
            RETURNING r.caught_up_at""";

    private final Session shadow;
    private final Office office;
    private final Shape shape;
    private final DeadLetterBox deadLetters;
    private final long leaseGapMicros;
    private final RowWriter writer;
    private final String prepare;

    Applier(Session shadow, Office office, Duration leaseGap) {
        this.shadow = shadow;
        this.office = office;
        this.shape = office.shape();
        this.deadLetters = office.deadLetters();
        this.leaseGapMicros = leaseGap.toNanos() / 1_000;
        this.writer = new RowWriter(shadow, shape, !office.replicaRole());
        this.prepare = prepare(office);
    }

    /** What follows the proof, before anything is read or written. */
    static String prepare(Office office) {
        return "SET LOCAL crossfade.replaying = '" + office.token() + "'; SET LOCAL synchronous_commit = on; "
                + TableSql.PLANNED_ONCE + "; "
                + (office.replicaRole()
                        ? "SET LOCAL session_replication_role = replica; "
                        : "SET CONSTRAINTS ALL DEFERRED; ")
                + "LOCK TABLE "
                + office.shape().tables().stream().map(Table::to).collect(joining(", "))
                + " IN ROW EXCLUSIVE MODE";
    }

    /** Commits the snapshot's rows, or changes nothing. */
    Result apply(Snapshot snapshot) {
        List<RowImage> healthy = new ArrayList<>();
        List<RowImage> suspect = new ArrayList<>();
        snapshot.rows().forEach(row -> (deadLetters.holds(row) ? suspect : healthy).add(row));
        List<RowImage> ordered = inSafeOrder(healthy);
        Salvage salvage = new Salvage(shadow, writer);
        begin(salvage, ordered);
        Map<RowImage, Refusal> refused = salvage.writeAll(ordered, inSafeOrder(suspect));
        refused.forEach((row, refusal) -> deadLetters.keep(shadow, row, refusal));
        List<DeadLetterBox.Address> healed = new ArrayList<>(DeadLetterBox.outdated(snapshot));
        suspect.stream()
                .filter(row -> !refused.containsKey(row))
                .map(DeadLetterBox.Address::of)
                .forEach(healed::add);
        deadLetters.remove(shadow, healed);
        List<WriteMismatch> mismatches = office.samples().of(salvage.differences(), shadow);
        int letters = deadLetters.sizeAfter(refused.keySet(), healed);
        Future<RowSet<Row>> published = publish(snapshot, letters);
        Future<RowSet<Row>> committed = shadow.send("COMMIT");
        OffsetDateTime caughtUpAt = caughtUpAt(published);
        shadow.await(committed);
        deadLetters.committed(refused.keySet(), healed);
        office.published(snapshot.more() || letters > 0);
        return new Result(snapshot.rows().size() - refused.size(), refused, mismatches, caughtUpAt);
    }

    /** Publishes the moment of a snapshot in which nothing had changed. */
    @Nullable
    OffsetDateTime show(Snapshot snapshot) {
        int letters = deadLetters.size();
        OffsetDateTime caughtUpAt = caughtUpAt(publish(snapshot, letters));
        office.published(letters > 0);
        return caughtUpAt;
    }

    private Future<RowSet<Row>> publish(Snapshot snapshot, int letters) {
        boolean first = office.settled() && !snapshot.more() && letters == 0;
        return shadow.send(
                PUBLISH,
                Tuple.of(office.group(), snapshot.asOf(), snapshot.more(), letters, first, leaseGapMicros)
                        .addLong(office.token()));
    }

    private @Nullable OffsetDateTime caughtUpAt(Future<RowSet<Row>> published) {
        RowSet<Row> rows = shadow.await(published);
        if (rows.size() == 0) {
            throw new SteppedDownException();
        }
        return rows.iterator().next().get(OffsetDateTime.class, 0);
    }

    /** Everything that only asks is sent at once; the proof is the first of it, and the first that is waited for. */
    private void begin(Salvage salvage, List<RowImage> rows) {
        Future<RowSet<Row>> begun = shadow.send("BEGIN");
        Future<RowSet<Row>> proof = shadow.send(PROVE, Tuple.of(office.group(), office.token()));
        Future<RowSet<Row>> prepared = shadow.send(prepare);
        Future<RowSet<Row>> fingerprint = shadow.send(Shape.FINGERPRINT, Tuple.of(Shape.array(shape.toOids())));
        salvage.begin(rows);
        shadow.await(begun);
        if (shadow.await(proof).size() == 0) {
            shadow.run("ROLLBACK");
            throw new SteppedDownException();
        }
        shadow.await(prepared);
        if (!shadow.await(fingerprint).iterator().next().getString(0).equals(shape.toFingerprint())) {
            throw new SnapshotReader.ChangedShapeException("shadow");
        }
    }

    /** Any prefix of these rows can be written before the rest: parents come before children, and go after them. */
    private List<RowImage> inSafeOrder(List<RowImage> rows) {
        Map<Table, List<RowImage>> present = new HashMap<>();
        Map<Table, List<RowImage>> gone = new HashMap<>();
        rows.forEach(row -> (row.exists() ? present : gone)
                .computeIfAbsent(row.table(), ignored -> new ArrayList<>())
                .add(row));
        List<RowImage> ordered = new ArrayList<>(rows.size());
        shape.tables().forEach(table -> ordered.addAll(present.getOrDefault(table, List.of())));
        List<Table> childrenFirst = new ArrayList<>(shape.tables());
        Collections.reverse(childrenFirst);
        childrenFirst.forEach(table -> ordered.addAll(gone.getOrDefault(table, List.of())));
        return ordered;
    }

    /**
     * What came of a snapshot.
     *
     * @param rows how many the shadow took
     * @param refused those that it did not
     * @param mismatches what came out differently
     * @param caughtUpAt what the shadow says now about when it had caught up
     */
    record Result(
            int rows,
            Map<RowImage, Refusal> refused,
            List<WriteMismatch> mismatches,
            @Nullable OffsetDateTime caughtUpAt) {}

    /** Another leader holds a younger token. */
    static final class SteppedDownException extends RuntimeException {
        SteppedDownException() {
            super("another leader has taken over");
        }
    }
}
