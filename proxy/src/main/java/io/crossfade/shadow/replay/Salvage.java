package io.crossfade.shadow.replay;

import io.crossfade.shadow.replay.Refusal.RefusedException;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes as many of a snapshot's rows as the shadow takes, within one transaction: a row that it refuses is found by
 * halving, and left out.
 */
final class Salvage {
    private static final String SAVE = "SAVEPOINT crossfade_rows";
    private static final int ROUNDS = 4;

    private final Session shadow;
    private final RowWriter writer;
    private final Differences differences = new Differences();
    private RowWriter.@Nullable Asked first;
    private boolean saved;

    Salvage(Session shadow, RowWriter writer) {
        this.shadow = shadow;
        this.writer = writer;
    }

    /** What came out differently. */
    Differences differences() {
        return differences;
    }

    /** Sends the first question about these rows, and does not wait. */
    void begin(List<RowImage> healthy) {
        first = healthy.isEmpty() ? null : ask(healthy);
    }

    /**
     * Writes what can be written.
     *
     * @param healthy as {@link #begin} had them
     * @return why the others cannot
     */
    Map<RowImage, Refusal> writeAll(List<RowImage> healthy, List<RowImage> suspect) {
        Map<RowImage, Refusal> refused = write(healthy);
        refused.putAll(write(suspect));
        // Rows that stand in each other's way may fail singly and succeed together, once what is wrong with a row by
        // itself is out of the way. Each round cuts at other places.
        for (int round = 0; round < ROUNDS; round++) {
            List<RowImage> related = new ArrayList<>();
            refused.forEach((row, refusal) -> {
                if (refusal.isAboutOtherRows()) {
                    related.add(row);
                }
            });
            related.forEach(refused::remove);
            Collections.rotate(related, round);
            Map<RowImage, Refusal> again = write(related);
            refused.putAll(again);
            if (again.isEmpty() || (again.size() == related.size() && round > 0)) {
                break;
            }
        }
        return refused;
    }

    private Map<RowImage, Refusal> write(List<RowImage> rows) {
        Map<RowImage, Refusal> refused = new LinkedHashMap<>();
        halve(rows, refused);
        return refused;
    }

    private void halve(List<RowImage> rows, Map<RowImage, Refusal> refused) {
        if (rows.isEmpty()) {
            return;
        }
        Refusal refusal = attempt(rows);
        if (refusal == null) {
            return;
        }
        if (rows.size() == 1) {
            refused.put(rows.get(0), explained(rows.get(0), refusal));
            return;
        }
        int middle = rows.size() / 2;
        halve(rows.subList(0, middle), refused);
        halve(rows.subList(middle, rows.size()), refused);
    }

    private @Nullable Refusal attempt(List<RowImage> rows) {
        RowWriter.Asked asked = first;
        first = null;
        Refusal refusal = attempt(asked == null ? ask(rows) : asked, false);
        return refusal != null && refusal.sqlState().equals("23505") ? attempt(ask(rows), true) : refusal;
    }

    /** The question too may be refused: a key of one side need not be one on the other. */
    private RowWriter.Asked ask(List<RowImage> rows) {
        // Not waited for: without it, what follows fails too.
        var unused = shadow.send(saved ? "RELEASE SAVEPOINT crossfade_rows; " + SAVE : SAVE);
        saved = true;
        return writer.ask(rows);
    }

    private @Nullable Refusal attempt(RowWriter.Asked asked, boolean parking) {
        try {
            RowWriter.Sent sent = writer.send(asked, parking);
            // Says now, and not at the commit, what deferred constraints think of it.
            Future<RowSet<Row>> constraints =
                    shadow.send("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED");
            Differences different = writer.await(sent);
            shadow.await(constraints);
            differences.add(different);
            return null;
        } catch (PgException e) {
            if (!Problems.blameOneRow(e)) {
                throw e;
            }
            undo();
            return Refusal.of(e);
        } catch (RefusedException e) {
            undo();
            return e.refusal();
        }
    }

    private void undo() {
        shadow.run("ROLLBACK TO SAVEPOINT crossfade_rows; RELEASE SAVEPOINT crossfade_rows");
        saved = false;
    }

    /** PostgreSQL does not say which column a value did not fit, so every column is tried by itself. */
    private Refusal explained(RowImage row, Refusal refusal) {
        List<@Nullable String> values = row.values();
        if (values == null || !refusal.sqlState().startsWith("22")) {
            return refusal;
        }
        for (int i = 0; i < values.size(); i++) {
            Pair column = row.table().columns().get(i);
            shadow.run(SAVE);
            try {
                shadow.run("SELECT ($1::text::" + column.to().base() + ") IS NULL", Tuple.of(values.get(i)));
            } catch (PgException e) {
                if (Problems.blameOneRow(e)) {
                    return new Refusal(
                            refusal.sqlState(),
                            refusal.problem() + ", column " + column.name() + " ("
                                    + column.from().base() + " to "
                                    + column.to().base() + ")");
                }
                throw e;
            } finally {
                undo();
            }
        }
        return refusal;
    }
}
