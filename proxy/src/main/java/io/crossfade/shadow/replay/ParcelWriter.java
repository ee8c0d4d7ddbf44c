package io.crossfade.shadow.replay;

import io.crossfade.shadow.replay.Applier.SteppedDownException;
import io.crossfade.shadow.replay.CopySession.CopyException;
import io.crossfade.shadow.replay.SnapshotReader.ChangedShapeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings a slice that came by COPY to the shadow in one transaction, as {@link Applier} does: the proof that no younger
 * leader has taken over, then what is there already, then the deletions, children first, then what is new, parents first,
 * and every row that was written is compared. It takes all rows of the slice or none: whatever is refused is left to the
 * batches of the usual kind, which find out what is wrong.
 */
final class ParcelWriter {
    /** What is between two true states is never a moment of its own. */
    private static final String PUBLISH = """
            UPDATE crossfade.replayer SET caught_up_at = NULL, catching_up = true, dead_letters = 0
            WHERE group_name = $1 AND token = $2 RETURNING token""";

    private final CopySession shadow;
    private final Office office;

    ParcelWriter(CopySession shadow, Office office) {
        this.shadow = shadow;
        this.office = office;
    }

    /** Commits the rows; null where the shadow did not take all of them, and nothing was changed. */
    @Nullable
    Written write(Parcel parcel) {
        try {
            begin();
            Written written = writeAll(parcel);
            if (written == null) {
                shadow.run("ROLLBACK");
                return null;
            }
            // Says so before the commit, what deferred constraints think of it.
            shadow.run("SET CONSTRAINTS ALL IMMEDIATE");
            if (shadow.query(PUBLISH, office.group(), office.token()).isEmpty()) {
                throw new SteppedDownException();
            }
            shadow.run("COMMIT");
            office.published(true);
            return written;
        } catch (CopyException e) {
            if (!e.isAnAnswer()) {
                throw e;
            }
            shadow.run("ROLLBACK");
            return null;
        }
    }

    private void begin() {
        shadow.run("BEGIN");
        if (shadow.query(Applier.PROVE, office.group(), office.token()).isEmpty()) {
            throw new SteppedDownException();
        }
        shadow.run(Applier.prepare(office));
        shadow.run(CopySql.PLANNED);
        @Nullable
        String[] fingerprint = shadow.query(
                        Shape.FINGERPRINT, Shape.array(office.shape().toOids()))
                .get(0);
        if (!Objects.equals(fingerprint[0], office.shape().toFingerprint())) {
            throw new ChangedShapeException("shadow");
        }
    }

    private @Nullable Written writeAll(Parcel parcel) {
        List<Table> parentsFirst = office.shape().tables().stream()
                .filter(parcel.rows()::containsKey)
                .toList();
        Map<Table, long[]> counts = new HashMap<>();
        Map<Table, Long> updated = new HashMap<>();
        Map<String, Set<String>> differences = new HashMap<>();
        for (Table table : parentsFirst) {
            shadow.copyIn(
                    CopySql.in(table), Objects.requireNonNull(parcel.rows().get(table)));
            counts.put(table, numbers(CopySql.counts(table)));
        }
        for (Table table : parentsFirst) {
            boolean any = count(counts, table, 0) > 0 && TableSql.canUpdate(table);
            updated.put(table, any ? written(table, CopySql.update(table), differences) : 0L);
        }
        List<Table> childrenFirst = new ArrayList<>(parentsFirst);
        Collections.reverse(childrenFirst);
        long rows = 0;
        for (Table table : childrenFirst) {
            if (count(counts, table, 1) > 0) {
                long[] deleted = numbers(CopySql.delete(table, !office.replicaRole()));
                if (deleted[0] != deleted[1]) {
                    return null;
                }
                rows += deleted[1];
            }
        }
        for (Table table : parentsFirst) {
            long present = count(counts, table, 0);
            long there = Objects.requireNonNull(updated.get(table));
            boolean none = there == 0 && TableSql.canUpdate(table);
            long inserted = present > there ? written(table, CopySql.insert(table, none), differences) : 0;
            // A trigger may have left rows out, and a table whose columns cannot be set has rows that are as they were.
            if (TableSql.canUpdate(table) && there + inserted != present) {
                return null;
            }
            rows += there + inserted;
        }
        return new Written((int) rows, differences);
    }

    private long written(Table table, String sql, Map<String, Set<String>> differences) {
        @Nullable String[] answer = shadow.query(sql).get(0);
        String places = answer[1];
        if (places != null) {
            Set<String> names = differences.computeIfAbsent(table.repository(), ignored -> new HashSet<>());
            for (String place : places.strip().split(" +", -1)) {
                names.add(table.columns().get(Integer.parseInt(place)).name());
            }
        }
        return Long.parseLong(Objects.requireNonNull(answer[0]));
    }

    private long[] numbers(String sql) {
        @Nullable String[] row = shadow.query(sql).get(0);
        return new long[] {
            Long.parseLong(Objects.requireNonNull(row[0])), Long.parseLong(Objects.requireNonNull(row[1]))
        };
    }

    private static long count(Map<Table, long[]> counts, Table table, int place) {
        return Objects.requireNonNull(counts.get(table))[place];
    }

    /**
     * What came of it.
     *
     * @param differences for each repository the columns that came out differently
     */
    record Written(int rows, Map<String, Set<String>> differences) {}
}
