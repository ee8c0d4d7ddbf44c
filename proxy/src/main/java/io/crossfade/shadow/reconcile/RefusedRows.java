package io.crossfade.shadow.reconcile;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The keys of rows that a side would not take while it was the shadow: they are in the journal of no side.
 *
 * @param repositories of each key
 * @param keys each the text of a {@code text[]}
 */
public record RefusedRows(List<String> repositories, List<String> keys) {
    private static final String SQL =
            "SELECT repository, key FROM crossfade.dead_letter WHERE repository = ANY ($1::text[])";

    public RefusedRows {
        repositories = List.copyOf(repositories);
        keys = List.copyOf(keys);
    }

    /** Those that this side keeps of these repositories. */
    public static Future<RefusedRows> of(Queries side, Collection<String> members) {
        return side.run(SQL, Tuple.of((Object) members.toArray(String[]::new))).map(rows -> {
            List<String> repositories = new ArrayList<>();
            List<String> keys = new ArrayList<>();
            for (Row row : rows) {
                repositories.add(row.getString(0));
                keys.add(row.getString(1));
            }
            return new RefusedRows(repositories, keys);
        });
    }
}
