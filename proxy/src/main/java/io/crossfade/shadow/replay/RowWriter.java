package io.crossfade.shadow.replay;

import io.crossfade.shadow.replay.Refusal.RefusedException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a set of rows to the shadow: first what is there already, so that a child has moved before its old parent goes,
 * then the deletions, children first, then what is new, parents first.
 */
final class RowWriter {
    private final Session shadow;
    private final Shape shape;
    private final boolean actionsFire;
    private final Map<String, String> statements = new HashMap<>();

    RowWriter(Session shadow, Shape shape, boolean actionsFire) {
        this.shadow = shadow;
        this.shape = shape;
        this.actionsFire = actionsFire;
    }

    /** Asks which of the rows the shadow has, without waiting for it. */
    Asked ask(List<RowImage> rows) {
        Map<Table, List<RowImage>> byTable = new LinkedHashMap<>();
        rows.forEach(row -> byTable.computeIfAbsent(row.table(), ignored -> new ArrayList<>())
                .add(row));
        Map<Table, Future<RowSet<Row>>> answers = new LinkedHashMap<>();
        byTable.forEach((table, its) -> answers.put(
                table, shadow.send(statement("existing", table, TableSql::existing), Tuple.of((Object) keys(its)))));
        return new Asked(byTable, answers);
    }

    /**
     * Sends the rows without waiting for what the shadow says to them: where one statement fails, those after it do too.
     *
     * @param asked what {@link #ask} gave for the same rows
     * @param parking whether values that may exist only once are first taken from the rows that hold them now
     */
    Sent send(Asked asked, boolean parking) {
        Map<Table, Plan> plans = new LinkedHashMap<>();
        asked.answers().forEach((table, answer) -> plans.put(table, plan(asked.rowsOf(table), answer)));
        Sent sent = new Sent(new ArrayList<>());
        if (parking) {
            plans.forEach(this::park);
        }
        List<Table> parentsFirst =
                shape.tables().stream().filter(plans::containsKey).toList();
        for (Table table : parentsFirst) {
            update(table, planOf(plans, table).updates, sent);
        }
        List<Table> childrenFirst = new ArrayList<>(parentsFirst);
        Collections.reverse(childrenFirst);
        for (Table table : childrenFirst) {
            delete(table, planOf(plans, table).deletes, sent);
        }
        for (Table table : parentsFirst) {
            insert(table, planOf(plans, table).inserts, sent);
        }
        return sent;
    }

    /** Waits for the answers, which tell what came out differently. */
    Differences await(Sent sent) {
        Differences differences = new Differences();
        for (Sent.Statement statement : sent.statements()) {
            Row answer = shadow.await(statement.answer()).iterator().next();
            if (answer.getLong(0) != statement.rows().size()) {
                throw statement.isDelete()
                        ? new RefusedException("23503", "rows that still exist refer to the row and would go with it")
                        : new RefusedException("02000", "the shadow left the row out");
            }
            String[] places = statement.isDelete() ? null : answer.getArrayOfStrings(1);
            if (places != null) {
                differences.add(statement.table(), List.of(places), statement.rows());
                refuseWhatNobodyCanSet(statement.table(), differences);
            }
        }
        return differences;
    }

    /** Else the row would differ for good, and nothing would tell but a count of mismatches. */
    private static void refuseWhatNobodyCanSet(Table table, Differences different) {
        if (hasWhatNobodyCanSet(table, different)) {
            throw new RefusedException(
                    "428C9",
                    "column " + nobodyCanSet(table, different).findFirst().orElseThrow()
                            + " is GENERATED ALWAYS AS IDENTITY on the shadow, and cannot be changed");
        }
    }

    /** Whether one of these columns keeps the number that the shadow has given it. */
    static boolean hasWhatNobodyCanSet(Table table, Differences different) {
        return nobodyCanSet(table, different).findFirst().isPresent();
    }

    private static Stream<String> nobodyCanSet(Table table, Differences different) {
        return different.columns(table).stream()
                .map(place -> table.columns().get(place))
                .filter(Pair::identityAlways)
                .map(Pair::name);
    }

    private Plan plan(List<RowImage> rows, Future<RowSet<Row>> existing) {
        Set<Long> there = new HashSet<>();
        for (Row row : shadow.await(existing)) {
            there.add(row.getLong(0));
        }
        Plan plan = new Plan();
        long place = 0;
        for (RowImage row : rows) {
            boolean exists = there.contains(++place);
            if (row.exists()) {
                (exists ? plan.updates : plan.inserts).add(row);
            } else if (exists) {
                plan.deletes.add(row);
            }
        }
        return plan;
    }

    private void update(Table table, List<RowImage> rows, Sent sent) {
        if (!rows.isEmpty() && TableSql.canUpdate(table)) {
            sent.add(
                    table,
                    rows,
                    false,
                    shadow.send(statement("update", table, TableSql::update), columns(table, rows)));
        }
    }

    private void insert(Table table, List<RowImage> rows, Sent sent) {
        if (!rows.isEmpty()) {
            sent.add(
                    table,
                    rows,
                    false,
                    shadow.send(statement("insert", table, TableSql::insert), columns(table, rows)));
        }
    }

    private void delete(Table table, List<RowImage> rows, Sent sent) {
        if (!rows.isEmpty()) {
            String sql = statement("delete", table, it -> TableSql.delete(it, actionsFire));
            sent.add(table, rows, true, shadow.send(sql, Tuple.of((Object) keys(rows))));
        }
    }

    /** One array of texts for each column. */
    static Tuple columns(Table table, List<RowImage> rows) {
        List<Object> columns = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            columns.add(column(rows, i));
        }
        return Tuple.from(columns);
    }

    private void park(Table table, Plan plan) {
        List<RowImage> rows = new ArrayList<>(plan.updates);
        rows.addAll(plan.deletes);
        if (rows.isEmpty()) {
            return;
        }
        for (Table.Unique unique : table.uniques()) {
            String sql = TableSql.park(table, unique);
            if (sql != null) {
                List<Object> parameters = new ArrayList<>();
                parameters.add(keys(rows));
                unique.columns().forEach(place -> parameters.add(column(rows, place)));
                shadow.run(sql, Tuple.from(parameters));
            }
        }
    }

    private static String[] keys(List<RowImage> rows) {
        return rows.stream().map(RowImage::key).toArray(String[]::new);
    }

    private static @Nullable String[] column(List<RowImage> rows, int place) {
        @Nullable String[] values = new String[rows.size()];
        for (int i = 0; i < values.length; i++) {
            List<@Nullable String> row = rows.get(i).values();
            values[i] = row == null ? null : row.get(place);
        }
        return values;
    }

    private String statement(String kind, Table table, Function<Table, String> made) {
        return statements.computeIfAbsent(kind + ' ' + table.to(), ignored -> made.apply(table));
    }

    private static Plan planOf(Map<Table, Plan> plans, Table table) {
        return Objects.requireNonNull(plans.get(table));
    }

    private static final class Plan {
        private final List<RowImage> updates = new ArrayList<>();
        private final List<RowImage> deletes = new ArrayList<>();
        private final List<RowImage> inserts = new ArrayList<>();
    }

    /**
     * Rows of which it was asked whether the shadow has them.
     *
     * @param answers for each table the places in its rows, counted from 1
     */
    record Asked(Map<Table, List<RowImage>> rows, Map<Table, Future<RowSet<Row>>> answers) {
        List<RowImage> rowsOf(Table table) {
            return Objects.requireNonNull(rows.get(table));
        }
    }

    /** Statements that are on their way. */
    record Sent(List<Statement> statements) {
        void add(Table table, List<RowImage> rows, boolean isDelete, Future<RowSet<Row>> answer) {
            statements.add(new Statement(table, rows, isDelete, answer));
        }

        /** One of them, and the rows that it has to write. */
        record Statement(Table table, List<RowImage> rows, boolean isDelete, Future<RowSet<Row>> answer) {}
    }
}
