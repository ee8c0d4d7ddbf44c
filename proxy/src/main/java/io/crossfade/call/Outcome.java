package io.crossfade.call;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What a side said to a call that went well.
 *
 * @param body the JSON that the database made, passed on untouched; empty where no body was asked for
 * @param rows how many rows were given or touched
 * @param total how many rows there are without the window, or null where that was not counted
 * @param inserted how many rows an upsert added rather than changed, or null for every other call; an upsert that found no key to
 *     conflict on was an insert
 * @param location the key of the single inserted row as a query string, or null
 * @param kind what the body is
 */
public record Outcome(
        Buffer body,
        long rows,
        @Nullable Long total,
        @Nullable Long inserted,
        @Nullable String location,
        Kind kind) {
    private static final Buffer NOTHING = Buffer.buffer();

    /** Rows as JSON. */
    public static Outcome ofRows(Buffer body, long rows, @Nullable Long total) {
        return new Outcome(body, rows, total, null, null, Kind.ROWS);
    }

    /** A function without a result. */
    public static Outcome ofVoid() {
        return new Outcome(NOTHING, 1, null, null, null, Kind.VOID);
    }

    /** What the body of an outcome is. */
    public enum Kind {
        ROWS,
        VALUE,
        VOID
    }
}
