package io.crossfade.cutover;

import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Names the sessions that would keep a fence from its locks. What they run is left out: it may hold values. */
final class InTheWay {
    private static final String SQL = """
            SELECT string_agg(DISTINCT coalesce(
                format('process %%s of user %%s (%%s, %%s) holds %%s on %%s', a.pid, a.usename,
                       coalesce(nullif(a.application_name, ''), 'no name'), coalesce(a.state, 'not shown'), l.mode,
                       l.relation::regclass),
                format('a prepared transaction holds %%s on %%s', l.mode, l.relation::regclass)), '; ')
            FROM pg_catalog.pg_locks AS l LEFT JOIN pg_catalog.pg_stat_activity AS a USING (pid)
            WHERE l.granted AND l.locktype = 'relation' AND l.pid IS DISTINCT FROM pg_backend_pid()
              AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
              AND l.mode IN ('RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock',
                             'ExclusiveLock', 'AccessExclusiveLock')
              AND l.relation IN (
                SELECT r.table_oid FROM crossfade.repository AS r WHERE r.name = ANY ($1::text[])
                UNION SELECT p.relid FROM crossfade.repository AS r, pg_catalog.pg_partition_tree(r.table_oid::regclass) AS p
                WHERE r.name = ANY ($1::text[]))
              AND %s""";

    /** A writer of every day is gone within moments. */
    private static final String LASTING =
            "(a.pid IS NULL OR l.mode <> 'RowExclusiveLock' OR now() - a.xact_start > interval '1 second')";

    private InTheWay() {}

    /** Those that have been there for longer than a call takes; null where there are none. */
    static Future<@Nullable String> lasting(Database side, Collection<String> repositories) {
        return ask(side, repositories, LASTING);
    }

    /** Those that are there now; null where there are none. */
    static Future<@Nullable String> now(Database side, Collection<String> repositories) {
        return ask(side, repositories, "true");
    }

    private static Future<@Nullable String> ask(Database side, Collection<String> repositories, String which) {
        return side.run(SQL.formatted(which), Tuple.of((Object) repositories.toArray(String[]::new)), true)
                .map(rows -> rows.iterator().next().getString(0));
    }
}
