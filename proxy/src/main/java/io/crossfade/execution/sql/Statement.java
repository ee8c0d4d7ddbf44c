package io.crossfade.execution.sql;

import io.vertx.sqlclient.Tuple;

/**
 * A statement ready to run. It always gives exactly one row: how many rows there are without the window, how many were
 * given or touched, the body, how many rows an upsert added, and the key of an inserted row; null where it does not apply.
 *
 * @param text depends only on the shape of the call
 * @param parameters the values
 */
public record Statement(String text, Tuple parameters) {
    /**
     * The same, whose body is null where it would have more bytes than that. What it computes beside the body is computed all
     * the same, because a caller's malformed value must fail here, too.
     */
    public Statement withBodyOfAtMost(int bytes) {
        return new Statement(
                "WITH answer (total, row_count, body, inserted, location) AS MATERIALIZED (" + text
                        + ") SELECT total, row_count, CASE WHEN octet_length(body) <= " + bytes
                        + " THEN body END, inserted, location FROM answer",
                parameters);
    }

    /** Position of the total in the row. */
    public static final int TOTAL = 0;
    /** Position of the number of rows. */
    public static final int ROWS = 1;
    /** Position of the body. */
    public static final int BODY = 2;
    /** Position of the number of rows that an upsert added. */
    public static final int INSERTED = 3;
    /** Position of the key of the inserted row, as a JSON object of texts. */
    public static final int LOCATION = 4;
}
