package io.crossfade.shadow.install;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.List;

/**
 * How a captured table looks: its columns, key, partitions, and whether each capture trigger is there and always fires.
 * While that stays as it was at the installation, there is no gap in capture and no key means another row.
 *
 * <p>The order of columns counts: where two columns exchanged their names, only their numbers tell.
 */
public final class Fingerprint {
    /** The present fingerprint of a row {@code r} of crossfade.repository. */
    static final String SQL = """
            (WITH relations AS (
               SELECT r.table_oid AS oid
               UNION SELECT p.relid::oid FROM pg_catalog.pg_partition_tree(r.table_oid::regclass) AS p)
             SELECT md5(concat_ws(E'\\n',
               r.table_oid,
               (SELECT c.relkind FROM pg_catalog.pg_class AS c WHERE c.oid = r.table_oid),
               r.key_columns::text,
               (SELECT string_agg(concat_ws(' ', a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity,
                                            a.attgenerated), ',' ORDER BY a.attnum)
                FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid = r.table_oid AND a.attnum > 0 AND NOT a.attisdropped),
               (SELECT string_agg(o.oid::text, ',' ORDER BY o.oid) FROM relations AS o),
               (SELECT string_agg(concat_ws(' ', t.tgrelid, t.tgname, t.tgenabled, t.tgfoid, t.tgtype), ','
                                  ORDER BY t.tgrelid, t.tgname)
                FROM pg_catalog.pg_trigger AS t
                WHERE t.tgrelid IN (SELECT o.oid FROM relations AS o) AND t.tgname LIKE 'crossfade\\_capture\\_%'))))
            """;

    private Fingerprint() {}

    /** The repositories that no longer look as they did when they were installed: one query, for all of them. */
    public static Future<List<String>> changed(SqlClient connection) {
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
