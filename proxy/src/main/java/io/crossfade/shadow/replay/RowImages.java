package io.crossfade.shadow.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of many keys, asked for at once. The authority ends its answer where they become too much. */
final class RowImages {
    private final Map<Table, Future<RowSet<Row>>> answers = new LinkedHashMap<>();
    private int keys;
    private long bytes;
    private boolean cut;

    private RowImages() {}

    /**
     * Asks.
     *
     * @param statements for each table what {@link TableSql#read} gives
     */
    static RowImages ask(Session authority, Map<Table, String> statements, Map<Table, Set<String>> keys) {
        RowImages images = new RowImages();
        long tables = keys.values().stream().filter(wanted -> !wanted.isEmpty()).count();
        statements.forEach((table, sql) -> {
            Set<String> wanted = keys.getOrDefault(table, Set.of());
            if (!wanted.isEmpty()) {
                Tuple parameters = Tuple.of(wanted.toArray(String[]::new), SliceSize.MOST_BYTES / tables);
                images.answers.put(table, authority.send(sql, parameters));
                images.keys += wanted.size();
            }
        });
        return images;
    }

    List<RowImage> await(Session authority) {
        List<RowImage> rows = new ArrayList<>();
        answers.forEach((table, answer) -> {
            long its = 0;
            for (Row row : authority.await(answer)) {
                rows.add(image(table, row));
                its = row.getLong(table.columns().size() + 2);
            }
            bytes += its;
            cut |= its > SliceSize.MOST_BYTES / answers.size();
        });
        return rows;
    }

    /** How many keys were asked for. */
    int keys() {
        return keys;
    }

    /** How much came. */
    long bytes() {
        return bytes;
    }

    /** Whether some rows may not have come. */
    boolean areCut() {
        return cut;
    }

    private static RowImage image(Table table, Row row) {
        if (!row.getBoolean(1)) {
            return new RowImage(table, row.getString(0), null);
        }
        List<@Nullable String> values = new ArrayList<>(table.columns().size());
        for (int i = 0; i < table.columns().size(); i++) {
            values.add(row.getString(i + 2));
        }
        return new RowImage(table, row.getString(0), values);
    }
}
