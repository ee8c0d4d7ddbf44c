package io.crossfade.call;

import org.jspecify.annotations.Nullable;

/** Adds rows; with {@code onConflict}, an upsert. */
public record Insert(
        Repository repository,
        Caller caller,
        Rows rows,
        @Nullable OnConflict onConflict,
        Query returned,
        Answer answer) implements Write {
    @Override
    public Operation operation() {
        return onConflict == null ? Operation.INSERT : Operation.UPSERT;
    }
}
