package io.crossfade.shadow.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which columns of which tables came out differently than they were written.
 *
 * <p>Threads: one.
 */
final class Differences {
    private final Map<Table, Found> found = new LinkedHashMap<>();

    /**
     * Adds what a statement told.
     *
     * @param places of columns in the table, each followed by a space
     * @param rows those among which the statement found it; none where they lie on the shadow's stage
     */
    void add(Table table, List<String> places, List<RowImage> rows) {
        Found its = of(table);
        places.forEach(several -> its.columns().addAll(places(several)));
        its.rows().addAll(rows);
    }

    void add(Differences others) {
        others.found.forEach((table, its) -> {
            of(table).columns().addAll(its.columns());
            of(table).rows().addAll(its.rows());
        });
    }

    Map<Table, Found> byTable() {
        return found;
    }

    /** The columns that differ, as places in the table's columns. */
    Set<Integer> columns(Table table) {
        Found its = found.get(table);
        return its == null ? Set.of() : its.columns();
    }

    static Set<Integer> places(String several) {
        Set<Integer> places = new TreeSet<>();
        for (String place : several.strip().split(" +", -1)) {
            places.add(Integer.valueOf(place));
        }
        return places;
    }

    private Found of(Table table) {
        return found.computeIfAbsent(table, ignored -> new Found(new TreeSet<>(), new ArrayList<>()));
    }

    /**
     * Of one table.
     *
     * @param columns those that differ in some row, as places in the table's columns
     * @param rows those among which some differ, if they did not come by COPY
     */
    record Found(Set<Integer> columns, List<RowImage> rows) {}
}
