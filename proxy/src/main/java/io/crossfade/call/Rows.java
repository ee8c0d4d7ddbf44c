package io.crossfade.call;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * The rows of a write, as the caller sent them: JSON text that no one but the database takes apart, so that numbers keep
 * their last digit.
 *
 * @param json one object, or an array of objects
 * @param columns the keys that are written, in the order in which they first appeared
 * @param array whether {@code json} is an array
 * @param missingAsDefault whether a key that a row lacks takes the column's default rather than null
 */
public record Rows(Buffer json, List<String> columns, boolean array, boolean missingAsDefault) {
    public Rows {
        columns = List.copyOf(columns);
    }
}
