package io.crossfade.shadow.reconcile;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The list of one side, whose rows wait for an operator. Threads: any. */
public final class UndecidedRows {
    private static final String COUNT = """
            SELECT r.group_name, count(*) FROM crossfade.reconciliation AS c
              JOIN crossfade.repository AS r ON r.name = c.repository GROUP BY r.group_name""";

    private static final String PAGE = """
            SELECT c.id, c.repository, r.group_name, c.kind, c.key, c.columns, c.image, c.listed_at,
              r.key_columns
            FROM crossfade.reconciliation AS c JOIN crossfade.repository AS r ON r.name = c.repository
            WHERE ($1::text IS NULL OR c.repository = $1) AND ($2::bigint IS NULL OR c.id = $2) AND c.id > $3
            ORDER BY c.id LIMIT $4""";

    private final Queries side;

    public UndecidedRows(Queries side) {
        this.side = side;
    }

    /** How many there are of each group that has any. */
    public Future<Map<String, Long>> counts() {
        return side.run(COUNT, Tuple.tuple()).map(rows -> {
            Map<String, Long> counts = new TreeMap<>();
            rows.forEach(row -> counts.put(row.getString(0), row.getLong(1)));
            return counts;
        });
    }

    /**
     * The oldest first.
     *
     * @param repository only this one's, or null for all
     * @param id only this one, or null for all
     * @param after those with a greater id
     */
    public Future<List<UnreplayedRow>> page(@Nullable String repository, @Nullable Long id, long after, int most) {
        return side.run(PAGE, Tuple.of(repository, id, after, most)).map(rows -> {
            List<UnreplayedRow> page = new ArrayList<>();
            for (Row row : rows) {
                page.add(UnreplayedRow.of(row));
            }
            return page;
        });
    }

    /** Those that were decided about. */
    public Future<Void> remove(Collection<Long> ids) {
        return side.run("DELETE FROM crossfade.reconciliation WHERE id = ANY ($1::bigint[])", Tuple.of((Object)
                        ids.toArray(Long[]::new)))
                .mapEmpty();
    }
}
