package io.crossfade.execution.sql;

import io.crossfade.call.Answer;
import io.crossfade.call.Answer.Shape;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Renders the outermost select, which turns rows into the one row of a {@link Statement}. The JSON is made by PostgreSQL
 * and handed over as bytes, so that nobody decodes it on the way.
 */
public final class ResultSql {
    /** An alias that no column has: {@code json_agg(alias)} would take a column of that name instead of the row. */
    static final String ROW = "_crossfade_row";

    /** Made anew in every process, so that no value of a caller can look like it. */
    private static final String ABORT = "crossfade-" + UUID.randomUUID() + ":";

    private static final Pattern ABORTED = Pattern.compile(Pattern.quote(ABORT) + "(\\d+)");

    private ResultSql() {}

    /** The JSON of all rows, as an array or as the one object. */
    static String rowsAsJson(Answer answer) {
        return rowsAsJson(answer, answer.shape() == Shape.OBJECT);
    }

    static String rowsAsJson(Answer answer, boolean first) {
        String rows = "json_agg(" + ROW + ")";
        String json = first ? "coalesce(" + rows + "->0, 'null')" : "coalesce(" + rows + ", '[]')";
        return asBytes(answer.nullsStripped() ? "json_strip_nulls(" + json + ")" : json);
    }

    static String asBytes(String json) {
        return "convert_to((" + json + ")::text, 'UTF8')";
    }

    /**
     * An expression that ends the statement, and so undoes it, when the number of rows is not what the caller insists on.
     * Without it a transaction of three round trips would be needed to look first and commit after.
     */
    static void abortUnless(Answer answer, SqlText sql) {
        if (answer.shape() == Shape.OBJECT) {
            sql.add("CASE WHEN count(*) <> 1");
        } else if (answer.maxAffected() != null) {
            sql.add("CASE WHEN count(*) > ").value(answer.maxAffected());
        } else {
            sql.add("0");
            return;
        }
        sql.add(" THEN CAST('" + ABORT + "' || count(*) AS integer) END");
    }

    /** How many rows there were, if the message is that of a statement that {@link #abortUnless} ended; else null. */
    public static @Nullable Long abortedWithRows(String message) {
        // The quotes around it, and the words before, depend on the language of the server.
        Matcher aborted = ABORTED.matcher(message);
        return aborted.find() ? Long.valueOf(aborted.group(1)) : null;
    }
}
