package io.crossfade.shadow.install;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Keeps autovacuum away from the tables of a group for a while: it holds the very lock that a fence needs, and gives it
 * back only to somebody who waits for it longer than a fence does. What is changed is noted, so that it is given back
 * whoever dies, by a later call or by an uninstall. Application calls wait for none of this.
 *
 * <p>Of several who keep it away at the same time, the last one lets it begin again: whoever comes takes the notes over, and
 * the notes of others are left alone.
 *
 * <p>Threads: any.
 */
public final class Autovacuum {
    /** Longer than deadlock_timeout, after which an autovacuum that is in the way is ended by the server. */
    private static final String QUIET = """
            DECLARE
              which record;
            BEGIN
              PERFORM pg_catalog.set_config('lock_timeout', '3s', true);
              FOR which IN
                SELECT r.name, format('%I.%I', n.nspname, c.relname) AS relation
                FROM crossfade.repository AS r
                  JOIN pg_catalog.pg_class AS c ON c.relkind = 'r' AND (c.oid = r.table_oid
                    OR c.oid IN (SELECT p.relid FROM pg_catalog.pg_partition_tree(r.table_oid::regclass) AS p))
                  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
                WHERE r.name = ANY (ARRAY[:which]::text[])
                  AND NOT coalesce(c.reloptions::text LIKE '%autovacuum_enabled=%', false)
                ORDER BY c.oid
              LOOP
                EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', which.relation);
                INSERT INTO crossfade.undo (repository, purpose, undo) VALUES (which.name, 'autovacuum',
                  format('ALTER TABLE %s RESET (autovacuum_enabled)', which.relation)) ON CONFLICT DO NOTHING;
              END LOOP;
            END""";

    private static final String TAKE_OVER = """
            UPDATE crossfade.undo SET (id, changed_at) = ROW (DEFAULT, now())
            WHERE purpose = 'autovacuum' AND repository = ANY ($1::text[]) RETURNING id""";

    private static final String WAKE = """
            DECLARE
              which record;
            BEGIN
              PERFORM pg_catalog.set_config('lock_timeout', '3s', true);
              FOR which IN
                DELETE FROM crossfade.undo WHERE purpose = 'autovacuum' AND :which RETURNING undo
              LOOP
                BEGIN
                  EXECUTE which.undo;
                EXCEPTION WHEN undefined_table OR undefined_object THEN
                  NULL;
                END;
              END LOOP;
            END""";

    private Autovacuum() {}

    /**
     * Ends those that run, and lets none begin; fails where somebody holds their tables for other reasons.
     *
     * @return the notes to {@link #wake} them by
     */
    public static Future<Set<Long>> quiet(Runner side, Collection<String> repositories) {
        return side.run("DO" + Sql.literal(QUIET.replace(":which", Sql.literals(repositories))), Tuple.tuple())
                .compose(quiet -> side.run(TAKE_OVER, Tuple.of(repositories.toArray(String[]::new))))
                .map(rows -> {
                    Set<Long> notes = new TreeSet<>();
                    rows.forEach(row -> notes.add(row.getLong(0)));
                    return notes;
                });
    }

    /** Lets those begin again whose notes nobody has taken over. */
    public static Future<Void> wake(Runner side, Set<Long> notes) {
        if (notes.isEmpty()) {
            return Future.succeededFuture();
        }
        String which = "id IN (" + notes.stream().map(String::valueOf).collect(Collectors.joining(",")) + ")";
        return side.run("DO" + Sql.literal(WAKE.replace(":which", which)), Tuple.tuple())
                .mapEmpty();
    }

    /** Lets those begin again that nobody who lives can be keeping away any more. */
    public static Future<Void> wakeForgotten(Runner side) {
        return side.run(
                        "DO" + Sql.literal(WAKE.replace(":which", "changed_at < now() - interval '2 minutes'")),
                        Tuple.tuple())
                .mapEmpty();
    }
}
