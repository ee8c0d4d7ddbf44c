package io.crossfade.shadow.install;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.List;

/**
 * How a captured table looks: its columns, key, partitions, unique indexes and foreign keys, and whether each capture
 * trigger is there and always fires. While that stays as it was at the installation, there is no gap in capture and no
 * key means another row.
 *
 * <p>The order of columns counts: where two columns exchanged their names, only their numbers tell. So does the
 * transaction that last changed a trigger or a column: a trigger that was disabled and enabled again, or values that a
 * rewrite changed, look as before in everything else. Freezing keeps that number; a restored copy has others, and is
 * another database anyway. The price is that harmless changes of a column, such as a right granted on it, count as well.
 */
public final class Fingerprint {
    /** The present fingerprint of a row {@code r} of crossfade.repository: the table, a colon, the capture triggers. */
    public static final String SQL = """
            (WITH relations AS (
               SELECT r.table_oid AS oid
               UNION SELECT p.relid::oid FROM pg_catalog.pg_partition_tree(r.table_oid::regclass) AS p)
             SELECT concat(md5(concat_ws(E'\\n',
               r.table_oid,
               (SELECT c.relkind FROM pg_catalog.pg_class AS c WHERE c.oid = r.table_oid),
               r.key_columns::text,
               (SELECT string_agg(concat_ws(' ', a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity,
                                            a.attgenerated, a.xmin), ',' ORDER BY a.attnum)
                FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid = r.table_oid AND a.attnum > 0 AND NOT a.attisdropped),
               -- Without their numbers, which REINDEX CONCURRENTLY exchanges.
               (SELECT string_agg(u.index, ',' ORDER BY u.index)
                FROM (SELECT DISTINCT concat_ws(' ', i.indkey, i.indnkeyatts, i.indimmediate, i.indisprimary,
                                                i.indexprs::text, i.indpred::text) AS index
                      FROM pg_catalog.pg_index AS i
                      WHERE i.indrelid = r.table_oid AND i.indisunique AND i.indisvalid) AS u),
               (SELECT string_agg(concat_ws(' ', k.conname, k.conkey, k.confrelid, k.confkey, k.confdeltype, k.confupdtype,
                                            k.condeferrable), ',' ORDER BY k.conname)
                FROM pg_catalog.pg_constraint AS k WHERE k.conrelid = r.table_oid AND k.contype = 'f'),
               (SELECT string_agg(o.oid::text, ',' ORDER BY o.oid) FROM relations AS o))), ':', md5(
               (SELECT coalesce(string_agg(concat_ws(' ', t.tgrelid, t.tgname, t.tgenabled, t.tgfoid, t.tgtype, t.xmin), ','
                                  ORDER BY t.tgrelid, t.tgname), '')
                FROM pg_catalog.pg_trigger AS t
                WHERE t.tgrelid IN (SELECT o.oid FROM relations AS o) AND t.tgname LIKE 'crossfade\\_capture\\_%'))))
            """;

    /**
     * How the fence of a row {@code r} of crossfade.repository looks now: its triggers, and any of the application's own
     * that fires in spite of it. Null where there is neither.
     */
    public static final String FENCE = """
            (SELECT md5(string_agg(concat_ws(' ', t.tgrelid, t.tgname, t.tgenabled, t.tgfoid, t.tgtype, t.xmin), ','
                                   ORDER BY t.tgrelid, t.tgname))
             FROM pg_catalog.pg_trigger AS t
             WHERE (t.tgrelid = r.table_oid
                    OR t.tgrelid IN (SELECT p.relid FROM pg_catalog.pg_partition_tree(r.table_oid::regclass) AS p))
               AND NOT t.tgisinternal AND t.tgname NOT LIKE 'crossfade\\_capture\\_%'
               AND (t.tgenabled <> 'D' OR t.tgname LIKE 'crossfade\\_fence%'))
            """;

    /** The present columns of a row {@code r} of crossfade.repository, each with its type. */
    static final String COLUMNS = """
            (SELECT coalesce(array_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
                                       ORDER BY a.attnum), '{}')
             FROM pg_catalog.pg_attribute AS a
             WHERE a.attrelid = r.table_oid AND a.attnum > 0 AND NOT a.attisdropped)
            """;

    private Fingerprint() {}

    /** The repositories that no longer look as they did when they were installed: one query, for all of them. */
    static Future<List<String>> changed(SqlClient connection) {
        return connection
                .preparedQuery("SELECT r.name FROM crossfade.repository AS r WHERE r.fingerprint <> " + SQL
                        + " ORDER BY r.name")
                .execute()
                .map(rows -> {
                    List<String> names = new ArrayList<>();
                    rows.forEach(row -> names.add(row.getString(0)));
                    return names;
                });
    }
}
