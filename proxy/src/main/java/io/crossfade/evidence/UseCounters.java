package io.crossfade.evidence;

import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Set;

/**
 * How much tables of a side were used, since its counters began.
 *
 * @param reads scans of tables and indexes
 * @param writes rows inserted, changed or deleted
 * @param refused writes of others that the fence refused
 */
record UseCounters(long reads, long writes, long refused) {
    /** A partitioned table has no counters of its own, its partitions have. */
    private static final String READ = """
            WITH tables AS (
              SELECT DISTINCT o.oid FROM crossfade.repository AS r
                CROSS JOIN LATERAL (
                  SELECT r.table_oid AS oid
                  UNION SELECT p.relid::oid FROM pg_catalog.pg_partition_tree(r.table_oid) AS p) AS o
              WHERE r.name = ANY ($1::text[]))
            SELECT coalesce(sum(coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0)), 0)::bigint AS reads,
                   coalesce(sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del), 0)::bigint AS writes,
                   (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM crossfade.refused) AS refused
            FROM tables AS t JOIN pg_catalog.pg_stat_all_tables AS s ON s.relid = t.oid""";

    static Future<UseCounters> read(Database side, Set<String> repositories) {
        return side.run(READ, Tuple.tuple().addArrayOfString(repositories.toArray(String[]::new)), true)
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new UseCounters(row.getLong("reads"), row.getLong("writes"), row.getLong("refused"));
                });
    }
}
