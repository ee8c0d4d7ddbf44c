package io.crossfade.shadow.reconcile;

import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the list. It holds values of the application.
 *
 * @param table whether a whole table is meant, because nobody knows which of its rows are
 * @param keyNames the key's columns
 * @param key the texts of the key's columns in their order; empty for a table
 * @param image the row as it stood where it was listed, column by column, each value as text; null where it was not there
 */
public record UnreplayedRow(
        long id,
        String repository,
        String group,
        boolean table,
        List<String> keyNames,
        List<String> key,
        @Nullable Map<String, @Nullable String> image,
        OffsetDateTime listedAt) {
    public UnreplayedRow {
        key = List.copyOf(key);
    }

    static UnreplayedRow of(Row row) {
        String[] columns = row.getArrayOfStrings(5);
        String[] values = row.getArrayOfStrings(6);
        Map<String, @Nullable String> image = columns == null ? null : new LinkedHashMap<>();
        for (int i = 0; image != null && i < columns.length; i++) {
            image.put(columns[i], values[i]);
        }
        String[] key = row.getArrayOfStrings(4);
        return new UnreplayedRow(
                row.getLong(0),
                row.getString(1),
                row.getString(2),
                row.getString(3).equals("table"),
                List.of(row.getArrayOfStrings(8)),
                key == null ? List.of() : Arrays.asList(key),
                image,
                row.getOffsetDateTime(7));
    }
}
