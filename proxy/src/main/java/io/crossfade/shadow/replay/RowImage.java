package io.crossfade.shadow.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as the authority holds it in the snapshot.
 *
 * @param table where it belongs
 * @param key the text of the {@code text[]} of its key
 * @param values one text for each of the table's columns; null where the row does not exist
 */
record RowImage(Table table, String key, @Nullable List<@Nullable String> values) {
    boolean exists() {
        return values != null;
    }
}
