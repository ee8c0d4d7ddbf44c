package io.crossfade.shadow.replay;

import static java.util.stream.Collectors.joining;

import io.crossfade.sides.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The SQL that moves the rows of one table. Rows go in as one array of texts for each column; keys as an array whose
 * elements are the text of a {@code text[]}.
 */
final class TableSql {
    /**
     * Arrays of one key and of thousands come to the same statements. Planned for each array, one key would be planned
     * anew every time, and for thousands the planner reads whole tables; planned for an unknown array, every key is found
     * by the index.
     */
    static final String PLANNED_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan";

    private TableSql() {}

    /**
     * $1 keys, $2 bytes: each key once, whether its row exists, its columns as text, and how much it is with those before
     * it. Ends after the row that goes beyond so many bytes. On the authority.
     */
    static String read(Table table) {
        List<Integer> key = table.key();
        int count = table.columns().size();
        String parts = each(
                key,
                i -> "(u.e::text[])[" + (i + 1) + "]::"
                        + column(table, i).from().base() + " AS k" + i);
        String names = each(key, i -> "k" + i);
        String canonical = each(key, i -> "coalesce(t." + name(table, i) + "::text, k.k" + i + "::text)");
        String join = IntStream.range(0, key.size())
                .mapToObj(i -> "t." + name(table, i) + " = k.k" + i)
                .collect(joining(" AND "));
        String values = IntStream.range(0, count)
                .mapToObj(i -> "t." + Identifiers.quote(table.columns().get(i).name()) + "::text AS v" + i)
                .collect(joining(", "));
        String size = IntStream.range(0, count)
                .mapToObj(i -> "coalesce(octet_length(r.v" + i + "), 0)")
                .collect(joining(" + "));
        String columns = IntStream.range(0, count).mapToObj(i -> "b.v" + i).collect(joining(", "));
        return "SELECT b.key, b.there, " + columns + ", b.bytes FROM (SELECT r.*, " + size
                + " AS its, sum(" + size + ") OVER (ROWS UNBOUNDED PRECEDING)::bigint AS bytes FROM (SELECT ARRAY["
                + canonical + "]::text AS key, t." + name(table, 0) + " IS NOT NULL AS there, " + values
                + " FROM (SELECT DISTINCT ON (" + names + ") " + names + " FROM (SELECT " + parts
                + " FROM unnest($1::text[]) AS u(e)) AS s) AS k LEFT JOIN " + table.from() + " AS t ON " + join
                + ") AS r) AS b WHERE b.bytes - b.its <= $2::bigint";
    }

    /** Every key of the shadow. */
    static String keysOfShadow(Table table) {
        return "SELECT ARRAY[" + each(table.key(), i -> "t." + name(table, i) + "::text") + "]::text AS key FROM "
                + table.to() + " AS t";
    }

    /** Every key of the authority. */
    static String keysOfAuthority(Table table) {
        return "SELECT ARRAY[" + each(table.key(), i -> "t." + name(table, i) + "::text") + "]::text AS key FROM "
                + table.from() + " AS t";
    }

    /** $1 keys: the places, counted from 1, of those whose row the shadow has. */
    static String existing(Table table) {
        return "SELECT u.o FROM unnest($1::text[]) WITH ORDINALITY AS u(e, o) JOIN " + table.to() + " AS t ON "
                + matches(table, "u.e");
    }

    /** $1… columns: how many rows were written, and the columns that differ from what should have been written. */
    static String update(Table table) {
        List<Pair> columns = table.columns();
        String sets = IntStream.range(0, columns.size())
                .filter(i -> !columns.get(i).identityAlways())
                .mapToObj(i -> Identifiers.quote(columns.get(i).name()) + " = " + assigned(columns.get(i), i))
                .collect(joining(", "));
        return "WITH w AS (UPDATE " + table.to() + " AS t SET " + sets + " FROM " + incoming(table) + " WHERE "
                + matchesIncoming(table) + " RETURNING " + differences(table)
                + " AS d) SELECT count(*), array_agg(DISTINCT d) FILTER (WHERE d <> '') FROM w";
    }

    /** Whether there is anything that an update could set. */
    static boolean canUpdate(Table table) {
        return table.columns().stream().anyMatch(column -> !column.identityAlways());
    }

    /** $1… columns: as {@link #update}. */
    static String insert(Table table) {
        List<Pair> columns = table.columns();
        String names = columns.stream().map(c -> Identifiers.quote(c.name())).collect(joining(", "));
        String values = IntStream.range(0, columns.size())
                .mapToObj(i -> "n.n" + i + "::" + columns.get(i).to().base())
                .collect(joining(", "));
        return "WITH n AS (SELECT * FROM " + incoming(table) + "), w AS (INSERT INTO " + table.to() + " AS t (" + names
                + ") OVERRIDING SYSTEM VALUE SELECT " + values + " FROM n RETURNING " + names
                + ") SELECT (SELECT count(*) FROM w), array_agg(DISTINCT d) FILTER (WHERE d <> '') FROM (SELECT "
                + differences(table) + " AS d FROM w AS t JOIN n ON " + matchesIncoming(table) + ") AS x";
    }

    /**
     * $1 keys: how many rows were deleted.
     *
     * @param actionsFire whether a foreign key's action would follow; then rows stay that others still refer to
     */
    static String delete(Table table, boolean actionsFire) {
        String guards = actionsFire
                ? table.dependants().stream()
                        .map(dependant -> guard(table, dependant))
                        .collect(joining())
                : "";
        return "WITH w AS (DELETE FROM " + table.to() + " AS t USING unnest($1::text[]) AS u(e) WHERE "
                + matches(table, "u.e") + guards + " RETURNING 1) SELECT count(*) FROM w";
    }

    /**
     * $1 keys, $2… the values that the index's columns will have: sets one column of the index out of the way.
     *
     * @return null where no column can be
     */
    static @org.jspecify.annotations.Nullable String park(Table table, Table.Unique unique) {
        for (int place : unique.columns()) {
            String aside = aside(table, table.columns().get(place), unique);
            if (aside != null) {
                String arrays = IntStream.range(0, unique.columns().size())
                        .mapToObj(i -> ", $" + (i + 2) + "::text[]")
                        .collect(joining());
                String names = IntStream.range(0, unique.columns().size())
                        .mapToObj(i -> ", v" + i)
                        .collect(joining());
                String changed = IntStream.range(0, unique.columns().size())
                        .mapToObj(i -> "t."
                                + Identifiers.quote(table.columns()
                                        .get(unique.columns().get(i))
                                        .name())
                                + "::text IS DISTINCT FROM u.v" + i)
                        .collect(joining(" OR "));
                return "UPDATE " + table.to() + " AS t SET "
                        + Identifiers.quote(table.columns().get(place).name()) + " = " + aside
                        + " FROM ROWS FROM (unnest($1::text[]" + arrays + ")) WITH ORDINALITY AS u(e" + names
                        + ", o) WHERE " + matches(table, "u.e") + " AND (" + changed + ")";
            }
        }
        return null;
    }

    private static @org.jspecify.annotations.Nullable String aside(Table table, Pair column, Table.Unique unique) {
        if (column.identityAlways()) {
            return null;
        }
        if (column.nullable() && !unique.nullsAreEqual()) {
            return "NULL";
        }
        Pair.Type type = column.to();
        if (type.base().equals("uuid")) {
            return "pg_catalog.gen_random_uuid()";
        }
        String unlikely = "md5(random()::text || clock_timestamp()::text || u.o::text)";
        return switch (type.category()) {
            case "S" -> type.modifier() > 4 ? "left(" + unlikely + ", " + (type.modifier() - 4) + ")" : unlikely;
            case "N" ->
                "(SELECT least(min(" + Identifiers.quote(column.name()) + "), 0) FROM " + table.to() + ") - u.o";
            case "D" ->
                type.base().startsWith("time ") || type.base().equals("time without time zone")
                        ? null
                        : "(timestamp '0001-01-01' + u.o * interval '1 day')::" + type.base();
            default -> null;
        };
    }

    private static String guard(Table table, Table.Dependant dependant) {
        String refers = IntStream.range(0, dependant.columns().size())
                .mapToObj(i -> "c." + Identifiers.quote(dependant.columns().get(i)) + " = t."
                        + Identifiers.quote(dependant.referenced().get(i)))
                .collect(joining(" AND "));
        String alsoDeleted = dependant.self()
                ? " AND ARRAY[" + each(table.key(), i -> "c." + name(table, i) + "::text")
                        + "]::text <> ALL ($1::text[])"
                : "";
        return " AND NOT EXISTS (SELECT FROM " + dependant.table() + " AS c WHERE " + refers + alsoDeleted + ")";
    }

    private static String assigned(Pair column, int place) {
        String value = "n.n" + place + "::" + column.to().base();
        if (column.sameType()) {
            return value;
        }
        // So that replay in the other direction never narrows a value that nobody changed.
        String present = "t." + Identifiers.quote(column.name());
        return "CASE WHEN " + Equality.of(column, present, "n.n" + place) + " THEN " + present + " ELSE " + value
                + " END";
    }

    static String differences(Table table) {
        return IntStream.range(0, table.columns().size())
                .mapToObj(i -> "CASE WHEN "
                        + Equality.of(
                                table.columns().get(i),
                                "t." + Identifiers.quote(table.columns().get(i).name()),
                                "n.n" + i)
                        + " THEN '' ELSE '" + i + " ' END")
                .collect(joining(" || "));
    }

    static String incoming(Table table) {
        int count = table.columns().size();
        return "unnest("
                + IntStream.rangeClosed(1, count)
                        .mapToObj(i -> "$" + i + "::text[]")
                        .collect(joining(", ")) + ") AS n("
                + IntStream.range(0, count).mapToObj(i -> "n" + i).collect(joining(", ")) + ")";
    }

    static String matchesIncoming(Table table) {
        return table.key().stream()
                .map(i -> "t." + Identifiers.quote(table.columns().get(i).name()) + " = n.n" + i + "::"
                        + table.columns().get(i).to().base())
                .collect(joining(" AND "));
    }

    private static String matches(Table table, String key) {
        return IntStream.range(0, table.key().size())
                .mapToObj(i -> "t." + name(table, i) + " = (" + key + "::text[])[" + (i + 1) + "]::"
                        + column(table, i).to().base())
                .collect(joining(" AND "));
    }

    private static Pair column(Table table, int keyPlace) {
        return table.columns().get(table.key().get(keyPlace));
    }

    private static String name(Table table, int keyPlace) {
        return Identifiers.quote(column(table, keyPlace).name());
    }

    private static String each(List<Integer> places, IntFunction<String> text) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            texts.add(text.apply(i));
        }
        return String.join(", ", texts);
    }
}
