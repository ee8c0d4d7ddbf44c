package io.crossfade.shadow.replay;

import io.crossfade.shadow.replay.Refusal.RefusedException;
import io.vertx.sqlclient.Row;
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

    /**
     * Writes the rows.
     *
     * @param parking whether values that may exist only once are first taken from the rows that hold them now
     * @return for each repository the columns that came out differently
     */
    Map<String, Set<String>> write(List<RowImage> rows, boolean parking) {
        Map<Table, Plan> plans = plans(rows);
        Map<String, Set<String>> differences = new HashMap<>();
        if (parking) {
            plans.forEach(this::park);
        }
        List<Table> parentsFirst =
                shape.tables().stream().filter(plans::containsKey).toList();
        for (Table table : parentsFirst) {
            update(table, planOf(plans, table).updates, differences);
        }
        List<Table> childrenFirst = new ArrayList<>(parentsFirst);
        Collections.reverse(childrenFirst);
        for (Table table : childrenFirst) {
            delete(table, planOf(plans, table).deletes);
        }
        for (Table table : parentsFirst) {
            insert(table, planOf(plans, table).inserts, differences);
        }
        return differences;
    }

    private Map<Table, Plan> plans(List<RowImage> rows) {
        Map<Table, List<RowImage>> byTable = new LinkedHashMap<>();
        rows.forEach(row -> byTable.computeIfAbsent(row.table(), ignored -> new ArrayList<>())
                .add(row));
        Map<Table, Plan> plans = new LinkedHashMap<>();
        byTable.forEach((table, its) -> plans.put(table, plan(table, its)));
        return plans;
    }

    private Plan plan(Table table, List<RowImage> rows) {
        Set<Long> there = new HashSet<>();
        for (Row row : shadow.run(statement("existing", table, TableSql::existing), Tuple.of((Object) keys(rows)))) {
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

    private void update(Table table, List<RowImage> rows, Map<String, Set<String>> differences) {
        if (!rows.isEmpty() && TableSql.canUpdate(table)) {
            Map<String, Set<String>> different = new HashMap<>();
            written(table, rows, statement("update", table, TableSql::update), different);
            refuseWhatNobodyCanSet(table, different.getOrDefault(table.repository(), Set.of()));
            different.forEach((repository, columns) -> differences
                    .computeIfAbsent(repository, ignored -> new HashSet<>())
                    .addAll(columns));
        }
    }

    /** Else the row would differ for good, and nothing would tell but a count of mismatches. */
    private static void refuseWhatNobodyCanSet(Table table, Set<String> different) {
        table.columns().stream()
                .filter(column -> column.identityAlways() && different.contains(column.name()))
                .findFirst()
                .ifPresent(column -> {
                    throw new RefusedException(
                            "428C9",
                            "column " + column.name()
                                    + " is GENERATED ALWAYS AS IDENTITY on the shadow, and cannot be changed");
                });
    }

    private void insert(Table table, List<RowImage> rows, Map<String, Set<String>> differences) {
        if (!rows.isEmpty()) {
            written(table, rows, statement("insert", table, TableSql::insert), differences);
        }
    }

    private void written(Table table, List<RowImage> rows, String sql, Map<String, Set<String>> differences) {
        List<Object> columns = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            columns.add(column(rows, i));
        }
        Row answer = shadow.run(sql, Tuple.from(columns)).iterator().next();
        if (answer.getLong(0) != rows.size()) {
            throw new RefusedException("02000", "the shadow left the row out");
        }
        String[] places = answer.getArrayOfStrings(1);
        if (places != null) {
            Set<String> names = differences.computeIfAbsent(table.repository(), ignored -> new HashSet<>());
            for (String several : places) {
                for (String place : several.strip().split(" ", -1)) {
                    names.add(table.columns().get(Integer.parseInt(place)).name());
                }
            }
        }
    }

    private void delete(Table table, List<RowImage> rows) {
        if (rows.isEmpty()) {
            return;
        }
        String sql = statement("delete", table, it -> TableSql.delete(it, actionsFire));
        long gone =
                shadow.run(sql, Tuple.of((Object) keys(rows))).iterator().next().getLong(0);
        if (gone != rows.size()) {
            throw new RefusedException("23503", "rows that still exist refer to the row and would go with it");
        }
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
}
