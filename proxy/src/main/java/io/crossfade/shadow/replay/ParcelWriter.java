package io.crossfade.shadow.replay;

import io.crossfade.observation.Observation.WriteMismatch;
import io.crossfade.shadow.replay.Applier.SteppedDownException;
import io.crossfade.shadow.replay.CopySession.CopyException;
import io.crossfade.shadow.replay.SnapshotReader.ChangedShapeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Brings a slice from the stage to the shadow's tables in one transaction, as {@link Applier} does: the proof that no younger
 * leader has taken over, then what is there already, then the deletions, children first, then what is new, parents first,
 * and every row that was written is compared. It takes all rows of the slice or none: whatever is refused is left to the
 * batches of the usual kind, which find out what is wrong.
 */
final class ParcelWriter {
    /** What is between two true states is never a moment of its own. */
    private static final String PUBLISH = """
            UPDATE crossfade.replayer SET caught_up_at = NULL, catching_up = true, dead_letters = 0
            WHERE group_name = $1 AND token = $2 RETURNING token""";

    private final Office office;

    ParcelWriter(Office office) {
        this.office = office;
    }

    /** Commits the rows; null where the shadow did not take all of them, and nothing was changed. */
    @Nullable
    Written write(StagedParcel parcel) {
        CopySession shadow = parcel.stage().session();
        try {
            begin(shadow);
            Differences differences = new Differences();
            int rows = writeAll(shadow, parcel, differences);
            if (rows < 0) {
                shadow.run("ROLLBACK");
                return null;
            }
            // Says so before the commit, what deferred constraints think of it.
            shadow.run("SET CONSTRAINTS ALL IMMEDIATE");
            List<WriteMismatch> mismatches = office.samples().of(differences, shadow);
            if (shadow.query(PUBLISH, office.group(), office.token()).isEmpty()) {
                throw new SteppedDownException();
            }
            shadow.run("COMMIT");
            office.published(true);
            return new Written(rows, mismatches);
        } catch (CopyException e) {
            if (!e.isAnAnswer()) {
                throw e;
            }
            shadow.run("ROLLBACK");
            return null;
        }
    }

    private void begin(CopySession shadow) {
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

    /** How many rows it wrote; -1 where the shadow did not take all of them. */
    private int writeAll(CopySession shadow, StagedParcel parcel, Differences differences) {
        List<Table> parentsFirst = office.shape().tables().stream()
                .filter(parcel.counts()::containsKey)
                .toList();
        Map<Table, StagedParcel.Count> counts = parcel.counts();
        Map<Table, Long> updated = new HashMap<>();
        for (Table table : parentsFirst) {
            boolean any = count(counts, table).present() > 0 && TableSql.canUpdate(table);
            updated.put(table, any ? written(shadow, table, CopySql.update(table), differences) : 0L);
        }
        List<Table> childrenFirst = new ArrayList<>(parentsFirst);
        Collections.reverse(childrenFirst);
        long rows = 0;
        for (Table table : childrenFirst) {
            if (count(counts, table).gone() > 0) {
                long[] deleted = numbers(shadow, CopySql.delete(table, !office.replicaRole()));
                if (deleted[0] != deleted[1]) {
                    return -1;
                }
                rows += deleted[1];
            }
        }
        for (Table table : parentsFirst) {
            long present = count(counts, table).present();
            long there = Objects.requireNonNull(updated.get(table));
            boolean none = there == 0 && TableSql.canUpdate(table);
            long inserted = present > there ? written(shadow, table, CopySql.insert(table, none), differences) : 0;
            // A trigger may have left rows out, and a table whose columns cannot be set has rows that are as they were.
            if (TableSql.canUpdate(table) && there + inserted != present) {
                return -1;
            }
            if (RowWriter.hasWhatNobodyCanSet(table, differences)) {
                return -1;
            }
            rows += there + inserted;
        }
        return (int) rows;
    }

    private static long written(CopySession shadow, Table table, String sql, Differences differences) {
        @Nullable String[] answer = shadow.query(sql).get(0);
        String places = answer[1];
        if (places != null) {
            differences.add(table, List.of(places), List.of());
        }
        return Long.parseLong(Objects.requireNonNull(answer[0]));
    }

    private static long[] numbers(CopySession shadow, String sql) {
        @Nullable String[] row = shadow.query(sql).get(0);
        return new long[] {
            Long.parseLong(Objects.requireNonNull(row[0])), Long.parseLong(Objects.requireNonNull(row[1]))
        };
    }

    private static StagedParcel.Count count(Map<Table, StagedParcel.Count> counts, Table table) {
        return Objects.requireNonNull(counts.get(table));
    }

    /**
     * What came of it.
     *
     * @param mismatches what came out differently
     */
    record Written(int rows, List<WriteMismatch> mismatches) {}
}
