package io.crossfade.shadow.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads slices of a long backlog from the authority by COPY: as {@link SnapshotReader} does it, the tables locked before
 * the snapshot, the entries and their rows in that one snapshot, and the log flushed up to it.
 */
final class ParcelReader {
    /** Truncations and resyncs are not for COPY: with one of them anywhere, there is no entry at all. */
    private static final String ENTRIES = """
            WITH waiting AS (
              SELECT id, repository, kind, cardinality(keys) AS n FROM crossfade.journal
              WHERE repository = ANY ($1) AND id > $3 AND id NOT IN (SELECT unnest($4::bigint[]))),
            candidate AS (SELECT * FROM waiting ORDER BY id LIMIT $2),
            counted AS (SELECT *, sum(n) OVER (ORDER BY id) - n AS before FROM candidate)
            SELECT id, repository, n FROM counted
            WHERE before < $2 AND NOT EXISTS (SELECT FROM waiting WHERE kind <> 'keys') ORDER BY id""";

    private static final int MOST_FLUSHES = 50;

    private final Shape shape;
    private final SliceSize size;
    private final int most;
    private final Integer[] repositories;
    private final String begin;

    /**
     * A reader of one group.
     *
     * @param most the most keys of a slice
     */
    ParcelReader(Shape shape, SliceSize size, int most, String begin) {
        this.shape = shape;
        this.size = size;
        this.most = most;
        this.begin = begin;
        this.repositories = shape.tables().stream().map(Table::journalId).toArray(Integer[]::new);
    }

    /**
     * Reads the next slice.
     *
     * @param atLeast so many keys there have to be, or the backlog is not long
     * @param inFlight entries of the slice before it, which are still in the journal
     * @return null where there is nothing that should go by COPY
     */
    @Nullable
    Parcel read(CopySession authority, int atLeast, List<Long> inFlight, long floor) {
        authority.run(begin);
        @Nullable
        String[] at = authority
                .query(SnapshotReader.MOMENT, Shape.array(shape.fromOids()))
                .get(0);
        if (!Objects.equals(at[2], shape.fromFingerprint())) {
            throw new SnapshotReader.ChangedShapeException("authority");
        }
        int slice = size.keys(most, SliceSize.BYTES_OF_COPY);
        Map<Integer, List<Long>> byRepository = new LinkedHashMap<>();
        List<Long> entries = new ArrayList<>();
        int keys = 0;
        for (@Nullable String[] entry : authority.query(ENTRIES, repositories, slice, floor, Shape.array(inFlight))) {
            long id = number(entry[0]);
            int count = (int) number(entry[2]);
            if (count > slice) {
                // It has to be written out first.
                entries.clear();
                break;
            }
            byRepository
                    .computeIfAbsent((int) number(entry[1]), ignored -> new ArrayList<>())
                    .add(id);
            entries.add(id);
            keys += Math.max(1, count);
        }
        Map<Table, List<byte[]>> rows = new LinkedHashMap<>();
        long bytes = entries.isEmpty() || keys < atLeast ? -1 : copy(authority, byRepository, rows);
        if (bytes < 0) {
            authority.run("ROLLBACK");
            return null;
        }
        authority.run("COMMIT");
        flush(authority, Objects.requireNonNull(at[1]));
        size.took(keys, bytes);
        return new Parcel(entries, rows, keys, bytes);
    }

    /** How many bytes came, or less than none where they were too many. */
    private long copy(CopySession authority, Map<Integer, List<Long>> entries, Map<Table, List<byte[]>> rows) {
        authority.run(CopySql.PLANNED);
        long sum = 0;
        for (Table table : shape.tables()) {
            List<Long> its = entries.get(table.journalId());
            if (its != null) {
                List<byte[]> pieces = new ArrayList<>();
                if (!authority.copyOut(CopySql.out(table, its), pieces, SliceSize.MOST_BYTES - sum)) {
                    size.tooWide(Math.max(
                            1, rows.values().stream().mapToInt(List::size).sum() + pieces.size()));
                    return -1;
                }
                sum += pieces.stream().mapToLong(piece -> piece.length).sum();
                rows.put(table, pieces);
            }
        }
        return sum;
    }

    /** Makes sure that a crash of the authority cannot take back what was seen. */
    private static void flush(CopySession authority, String seen) {
        for (int attempt = 0; !isFlushed(authority, seen); attempt++) {
            if (attempt == MOST_FLUSHES) {
                throw new IllegalStateException("the authority has not flushed what it shows");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(attempt));
            // Commits by itself, and a commit that is waited for flushes everything before it.
            authority.run("SELECT pg_catalog.pg_logical_emit_message(true, 'crossfade', '')");
        }
    }

    private static boolean isFlushed(CopySession authority, String seen) {
        String flushed = "SELECT pg_current_wal_flush_lsn() >= $1::pg_lsn";
        return Objects.equals(authority.query(flushed, seen).get(0)[0], "t");
    }

    private static long number(@Nullable String text) {
        return Long.parseLong(Objects.requireNonNull(text));
    }
}
