package io.crossfade.shadow.replay;

import static java.util.stream.Collectors.joining;

import io.crossfade.sides.Identifiers;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The SQL that finds rows which differ from what was just written. Each answers with the places of the columns that differ,
 * and with three arrays in JSON: the key, and for each column what was written and what is stored, or null where both are
 * the same.
 */
final class SampleSql {
    /** More rows of one table tell nothing more. */
    private static final int MOST_ROWS = 3;

    /** What keeps samples holds none that is larger, so a smaller row is the better one. */
    private static final int MOST_BYTES = 16_384;

    private SampleSql() {}

    /** $1… columns: among rows that were written by {@link TableSql}. */
    static String ofTexts(Table table) {
        String from = TableSql.incoming(table) + " JOIN " + table.to() + " AS t ON " + TableSql.matchesIncoming(table);
        return sql(table, from, TableSql.differences(table), i -> "n.n" + i);
    }

    /** Among rows that were written by {@link CopySql} from the stage. */
    static String ofStage(Table table) {
        String from = CopySql.stageOf(table) + " AS n JOIN " + table.to() + " AS t ON NOT n.gone AND "
                + CopySql.matches(table);
        return sql(table, from, CopySql.differences(table), i -> "n.n" + i + "::text");
    }

    private static String sql(Table table, String from, String differences, IntFunction<String> written) {
        String key = table.key().stream().map(written::apply).collect(joining(", "));
        return "SELECT d, to_json(k)::text, to_json(w)::text, to_json(s)::text FROM (SELECT " + differences
                + " AS d, ARRAY[" + key + "] AS k, " + images(table, written, written) + " AS w, "
                + images(table, written, i -> stored(table, i) + "::text") + " AS s FROM " + from + " WHERE "
                + differences
                + " <> '') AS x WHERE octet_length(k::text) + octet_length(w::text) + octet_length(s::text) <= "
                + MOST_BYTES + " LIMIT " + MOST_ROWS;
    }

    private static String images(Table table, IntFunction<String> written, IntFunction<String> image) {
        return IntStream.range(0, table.columns().size())
                .mapToObj(i -> "CASE WHEN "
                        + Equality.of(table.columns().get(i), stored(table, i), written.apply(i)) + " THEN NULL ELSE "
                        + image.apply(i) + " END")
                .collect(joining(", ", "ARRAY[", "]::text[]"));
    }

    private static String stored(Table table, int place) {
        return "t." + Identifiers.quote(table.columns().get(place).name());
    }
}
