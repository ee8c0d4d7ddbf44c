package io.crossfade.shadow.replay;

import io.crossfade.observation.Observation.WriteMismatch;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One step of a leader: a snapshot of the authority, the transaction on the shadow, and only after its commit the end of
 * the entries. A crash between the two commits repeats work and loses none.
 */
final class Batch {
    /** Of wider rows there is never more than one slice. */
    private static final long MOST_BYTES_AHEAD = SliceSize.MOST_BYTES / 2;

    /** Counts the entries that did not come through a proxy where they go, so that each is counted once. */
    private static final String DONE = """
            WITH done AS (DELETE FROM crossfade.journal WHERE id = ANY ($1) RETURNING repository, bypass)
            UPDATE crossfade.repository AS r SET bypass_entries = r.bypass_entries + b.entries, bypass_seen_at = now()
            FROM (SELECT repository, count(*) AS entries FROM done WHERE bypass GROUP BY repository) AS b
            WHERE r.id = b.repository""";

    private final Session authority;
    private final Session shadow;
    private final Office office;
    private final SnapshotReader reader;
    private final Applier applier;
    private final Freight freight;
    private final int sliceKeys;
    private final BooleanSupplier awaited;

    /**
     * Batches of one group on one session pair.
     *
     * @param awaited whether another group waits for a worker
     */
    Batch(SessionPair sessions, Office office, ReplaySettings settings, BooleanSupplier awaited) {
        this.authority = sessions.authority();
        this.shadow = sessions.shadow();
        this.office = office;
        this.reader = new SnapshotReader(authority, shadow, office.shape(), office.sliceSize());
        this.applier = new Applier(shadow, office, settings.leaseGap());
        this.freight = new Freight(sessions, office, settings, awaited);
        this.sliceKeys = settings.sliceKeys();
        this.awaited = awaited;
    }

    Office office() {
        return office;
    }

    /**
     * One step.
     *
     * @param before what was known of the group, of which a slice keeps the moment
     * @param floor an id below which the journal has no entry any more
     */
    Outcome replay(Progress before, long floor) {
        int slice = office.sliceSize().keys(sliceKeys, SliceSize.BYTES_OF_TEXTS);
        return freight.isWanted() ? carry(slice, before, floor) : replay(slice, before, floor);
    }

    private Outcome replay(int slice, Progress before, long floor) {
        long start = System.nanoTime();
        Snapshot snapshot = office.takeNext();
        if (snapshot == null) {
            List<DeadLetterBox.Address> due = office.deadLetters().due(shadow, slice);
            office.deadLetters().trying();
            snapshot = reader.read(slice, due, floor, freight::takesLongBacklog);
        }
        if (snapshot == null) {
            return nothing(before, start);
        }
        boolean ended = before.catchingUp() && !snapshot.more();
        if (ended) {
            office.deadLetters().backlogEnded();
        }
        // Letters that may have waited for the end of the backlog do not wait for their time.
        boolean again = ended && office.deadLetters().size() > 0;
        if (snapshot.rows().isEmpty() && !snapshot.more()) {
            OffsetDateTime caughtUpAt = applier.show(snapshot);
            end(snapshot.entries());
            return new Outcome(progress(before, snapshot, 0, caughtUpAt), 0, again, start, Map.of(), List.of());
        }
        Applier.Result result;
        Snapshot next;
        try (ReadAhead<Snapshot> ahead = readAhead(snapshot, slice, floor)) {
            result = applier.apply(snapshot);
            next = ahead.slice();
        }
        end(snapshot.entries());
        office.keepNext(next);
        Progress progress = progress(before, snapshot, snapshot.entries().size(), result.caughtUpAt());
        return new Outcome(progress, result.rows(), again, start, result.refused(), result.mismatches());
    }

    private Outcome carry(int slice, Progress before, long floor) {
        long start = System.nanoTime();
        Freight.Load load = freight.carry(slice, floor);
        if (load == null) {
            return nothing(before, start);
        }
        List<Long> entries = load.parcel().entries();
        end(entries);
        return new Outcome(
                progress(before, null, entries.size(), null),
                load.written().rows(),
                false,
                start,
                Map.of(),
                load.written().mismatches());
    }

    private Outcome nothing(Progress before, long start) {
        // It was said here, though not yet on the shadow, that the group is behind: its next state begins no lease.
        office.published(true);
        return new Outcome(progress(before, null, 0, null), 0, false, start, Map.of(), List.of());
    }

    /** Not while another group waits, so that a worker holds two slices at most; and not past dead letters that are due. */
    private ReadAhead<Snapshot> readAhead(Snapshot snapshot, int slice, long floor) {
        if (!snapshot.more()
                || awaited.getAsBoolean()
                || snapshot.bytes() > MOST_BYTES_AHEAD
                || !office.deadLetters().due(shadow, slice).isEmpty()) {
            return ReadAhead.nothing();
        }
        return ReadAhead.begin(() -> reader.readAhead(slice, snapshot.entries(), floor));
    }

    private void end(List<Long> entries) {
        if (!entries.isEmpty()) {
            authority.run(DONE, Tuple.of((Object) entries.toArray(Long[]::new)));
        }
    }

    private Progress progress(
            Progress before, @Nullable Snapshot snapshot, int entries, @Nullable OffsetDateTime caughtUpAt) {
        boolean whole = snapshot != null && !snapshot.more();
        return new Progress(
                true,
                snapshot != null && whole ? snapshot.asOf() : before.asOf(),
                snapshot != null && whole ? snapshot.seenNanos() : before.seenNanos(),
                whole ? 0 : entries,
                !whole,
                office.deadLetters().size(),
                null,
                caughtUpAt,
                0);
    }

    /**
     * What a step came to.
     *
     * @param rows how many rows the shadow took
     * @param again whether there is more to try at once
     * @param startNanos when it began
     * @param mismatches what came out differently than it was written
     */
    record Outcome(
            Progress progress,
            int rows,
            boolean again,
            long startNanos,
            Map<RowImage, Refusal> refused,
            List<WriteMismatch> mismatches) {
        /** Whether there was anything to do. */
        boolean moved() {
            return rows > 0 || progress.catchingUp() || !refused.isEmpty();
        }
    }
}
