package io.crossfade.shadow.replay;

import static java.util.stream.Collectors.joining;

import io.crossfade.sides.Identifiers;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The SQL that moves the rows of one table by COPY, through a temporary table of the shadow, the stage. A row of the
 * stage has the columns of the table as the authority has them, or only the key's, and says that the row is gone. A
 * column that is not the same in binary is a text there.
 */
final class CopySql {
    /**
     * A look at the keys of a slice reads whole tables where the planner takes a page that lies anywhere for dear; and
     * what a slice holds is compared in memory.
     */
    static final String PLANNED = "SET LOCAL random_page_cost = 1; SET LOCAL work_mem = '32MB'";

    private CopySql() {}

    /** Each key of these entries once, with its row where there is one. On the authority; the ids are numbers. */
    static String out(Table table, List<Long> entries) {
        List<Integer> key = table.key();
        String parts = each(
                key.size(),
                i -> "(u.e::text[])[" + (i + 1) + "]::"
                        + column(table, key.get(i)).from().base() + " AS k" + i);
        String names = each(key.size(), i -> "k" + i);
        String join = IntStream.range(0, key.size())
                .mapToObj(i -> "t." + name(table, key.get(i)) + " = k.k" + i)
                .collect(joining(" AND "));
        String values = each(table.columns().size(), i -> {
            int place = key.indexOf(i);
            String value = "t." + name(table, i);
            String whole = place < 0 ? value : "coalesce(" + value + ", k.k" + place + ")";
            return column(table, i).isBinary() ? whole : whole + "::text";
        });
        String ids = entries.stream().map(String::valueOf).collect(joining(","));
        return "COPY (SELECT t." + name(table, key.get(0)) + " IS NULL, " + values + " FROM (SELECT DISTINCT ON ("
                + names + ") " + names + " FROM (SELECT " + parts
                + " FROM crossfade.journal AS j, unnest(j.keys) AS u(e) WHERE j.repository = " + table.journalId()
                + " AND j.id = ANY ('{" + ids + "}'::bigint[])) AS s) AS k LEFT JOIN " + table.from() + " AS t ON "
                + join + ") TO STDOUT (FORMAT binary)";
    }

    /** Makes the stage. */
    static String stage(Table table) {
        String stage = "crossfade_stage_" + table.journalId();
        return "CREATE TEMPORARY TABLE " + stage + " (gone boolean, "
                + each(table.columns().size(), i -> "n" + i + " " + staged(column(table, i)))
                + ")";
    }

    static String in(Table table) {
        return "COPY " + stageOf(table) + " FROM STDIN (FORMAT binary)";
    }

    /** How many rows exist, and how many are gone. */
    static String counts(Table table) {
        return "SELECT count(*) FILTER (WHERE NOT gone), count(*) FILTER (WHERE gone) FROM " + stageOf(table);
    }

    /** How many rows were written, and the columns that differ from what should have been written. */
    static String update(Table table) {
        String sets = IntStream.range(0, table.columns().size())
                .filter(i -> !column(table, i).identityAlways())
                .mapToObj(i -> name(table, i) + " = " + assigned(column(table, i), i))
                .collect(joining(", "));
        return "WITH w AS (UPDATE " + table.to() + " AS t SET " + sets + " FROM " + stageOf(table)
                + " AS n WHERE NOT n.gone AND " + matches(table) + " RETURNING " + differences(table)
                + " AS d) SELECT count(*), string_agg(DISTINCT d, ' ') FILTER (WHERE d <> '') FROM w";
    }

    /**
     * As {@link #update}.
     *
     * @param all whether the shadow has none of the rows; else those are left out that it has
     */
    static String insert(Table table, boolean all) {
        int count = table.columns().size();
        String names = each(count, i -> name(table, i));
        String values = each(count, i -> value(column(table, i), i));
        // A query of its own for each row, so that no plan reads the whole table.
        String missing = all
                ? ""
                : " AND (SELECT true FROM " + table.to() + " AS t WHERE " + matches(table) + " LIMIT 1) IS NULL";
        return "WITH w AS (INSERT INTO " + table.to() + " AS t (" + names + ") OVERRIDING SYSTEM VALUE SELECT " + values
                + " FROM " + stageOf(table) + " AS n WHERE NOT n.gone" + missing + " RETURNING "
                + each(count, i -> "t." + name(table, i))
                + ") SELECT (SELECT count(*) FROM w), string_agg(DISTINCT d, ' ') FILTER (WHERE d <> '') FROM (SELECT "
                + differences(table) + " AS d FROM w AS t JOIN " + stageOf(table) + " AS n ON NOT n.gone AND "
                + matches(table) + ") AS x";
    }

    /**
     * How many of the rows that are gone the shadow has, and how many of them were deleted.
     *
     * @param actionsFire whether a foreign key's action would follow; then rows stay that others still refer to
     */
    static String delete(Table table, boolean actionsFire) {
        String stage = stageOf(table) + " AS n";
        String guards = actionsFire
                ? table.dependants().stream()
                        .map(dependant -> guard(table, dependant))
                        .collect(joining())
                : "";
        return "WITH there AS (SELECT count(*) AS rows FROM " + stage + " JOIN " + table.to() + " AS t ON "
                + matches(table) + " WHERE n.gone), w AS (DELETE FROM " + table.to() + " AS t USING " + stage
                + " WHERE n.gone AND " + matches(table) + guards
                + " RETURNING 1) SELECT (SELECT rows FROM there), count(*) FROM w";
    }

    private static String guard(Table table, Table.Dependant dependant) {
        String refers = IntStream.range(0, dependant.columns().size())
                .mapToObj(i -> "c." + Identifiers.quote(dependant.columns().get(i)) + " = t."
                        + Identifiers.quote(dependant.referenced().get(i)))
                .collect(joining(" AND "));
        String alsoDeleted = dependant.self()
                ? " AND NOT EXISTS (SELECT FROM " + stageOf(table) + " AS m WHERE m.gone AND "
                        + matches(table, "c", "m") + ")"
                : "";
        return " AND NOT EXISTS (SELECT FROM " + dependant.table() + " AS c WHERE " + refers + alsoDeleted + ")";
    }

    private static String assigned(Pair column, int place) {
        if (column.sameType()) {
            return value(column, place);
        }
        // So that replay in the other direction never narrows a value that nobody changed.
        String present = "t." + Identifiers.quote(column.name());
        return "CASE WHEN " + Equality.of(column, present, "n.n" + place) + " THEN " + present + " ELSE "
                + value(column, place) + " END";
    }

    private static String value(Pair column, int place) {
        return column.isBinary()
                ? "n.n" + place
                : "n.n" + place + "::" + column.to().base();
    }

    /** Rows whose bytes are the same print the same texts, and only those of others have to be printed. */
    static String differences(Table table) {
        String binary = IntStream.range(0, table.columns().size())
                .filter(i -> column(table, i).isBinary())
                .mapToObj(String::valueOf)
                .collect(joining(","));
        String texts = IntStream.range(0, table.columns().size())
                .filter(i -> !column(table, i).isBinary())
                .mapToObj(i -> difference(table, i, "n.n" + i))
                .collect(joining(" || "));
        if (binary.isEmpty()) {
            return texts;
        }
        List<Integer> places = IntStream.range(0, table.columns().size())
                .filter(i -> column(table, i).isBinary())
                .boxed()
                .toList();
        String present = places.stream().map(i -> "t." + name(table, i)).collect(joining(", "));
        String incoming = places.stream().map(i -> "n.n" + i).collect(joining(", "));
        String singly = places.stream()
                .map(i -> difference(table, i, "n.n" + i + "::text"))
                .collect(joining(" || "));
        String images = "CASE WHEN pg_catalog.record_image_eq(ROW(" + present + "), ROW(" + incoming
                + ")) THEN '' ELSE " + singly + " END";
        return texts.isEmpty() ? images : images + " || " + texts;
    }

    private static String difference(Table table, int place, String incoming) {
        return "CASE WHEN " + Equality.of(column(table, place), "t." + name(table, place), incoming) + " THEN '' ELSE '"
                + place + " ' END";
    }

    static String matches(Table table) {
        return matches(table, "t", "n");
    }

    private static String matches(Table table, String present, String staged) {
        return table.key().stream()
                .map(i -> present + "." + name(table, i) + " = "
                        + value(column(table, i), i).replaceFirst("^n\\.", staged + "."))
                .collect(joining(" AND "));
    }

    private static String staged(Pair column) {
        return column.isBinary() ? column.to().base() : "text";
    }

    static String stageOf(Table table) {
        return "pg_temp.crossfade_stage_" + table.journalId();
    }

    private static Pair column(Table table, int place) {
        return table.columns().get(place);
    }

    private static String name(Table table, int place) {
        return Identifiers.quote(column(table, place).name());
    }

    private static String each(int count, IntFunction<String> text) {
        return IntStream.range(0, count).mapToObj(text).collect(joining(", "));
    }
}
