package io.crossfade.shadow.install;

import io.crossfade.sides.Identifiers;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the authority keeps of each group's capture: its generation, and whether it is broken. It outlives every proxy. Where
 * both sides keep something of a group, the greater generation holds; of two that are the same, both do.
 *
 * <p>Each change names the generation that it was decided on, so that a look from before an installation cannot break what
 * that has just mended.
 */
public final class CaptureRecord {
    private static final String MARK = """
            INSERT INTO crossfade.capture AS c (group_name, generation, broken_at, reason, repositories)
            SELECT r.group_name, 2, now(), %1$s, array_agg(r.name ORDER BY r.name)
            FROM crossfade.repository AS r WHERE r.name IN (%2$s) GROUP BY r.group_name
            ON CONFLICT (group_name) DO UPDATE SET generation = c.generation + 1,
              broken_at = coalesce(c.broken_at, now()), reason = coalesce(c.reason, excluded.reason),
              repositories = ARRAY(SELECT unnest(c.repositories) UNION SELECT unnest(excluded.repositories))
            WHERE NOT c.repositories @> excluded.repositories""";

    /** The transaction has its number before its entries have theirs: replay counts on that to skip what is done. */
    private static final String RESYNC = """
            INSERT INTO crossfade.journal (repository, kind, bypass)
            SELECT r.id, 'resync', false FROM (SELECT txid_current()) AS begun, crossfade.repository AS r
            WHERE r.name IN (%s)""";

    private CaptureRecord() {}

    /** Writes a gap down before anything is changed that would show it. */
    static String mark(Collection<String> repositories) {
        return MARK.formatted(
                Identifiers.literal("the tables were changed, or had a gap in capture"), list(repositories));
    }

    /** What ends an installation: capture is whole again, and everything that may differ is compared anew. */
    static List<String> mend(Collection<String> broken) {
        String enter = """
                INSERT INTO crossfade.capture (group_name) SELECT DISTINCT group_name FROM crossfade.repository
                ON CONFLICT DO NOTHING""";
        if (broken.isEmpty()) {
            return List.of(enter);
        }
        return List.of(enter, RESYNC.formatted(list(broken)), """
                UPDATE crossfade.capture SET generation = generation + 1, broken_at = NULL, given_up = false, mending = true,
                  reason = 'capture was put back, and the rows are compared anew', repositories = '{}'
                WHERE repositories <@ ARRAY[%1$s]::text[]
                  AND group_name IN (SELECT group_name FROM crossfade.repository WHERE name IN (%1$s))
                """.formatted(list(broken)), """
                DELETE FROM crossfade.capture AS c WHERE c.broken_at IS NULL
                  AND NOT EXISTS (SELECT FROM crossfade.repository AS r WHERE r.group_name = c.group_name)""");
    }

    /** What ends an installation on the side that is not the authority: what it had kept is the authority's to say now. */
    static List<String> forget(Collection<String> whole) {
        return List.of("""
                UPDATE crossfade.capture SET broken_at = NULL, given_up = false, mending = false, reason = NULL,
                  repositories = '{}'
                WHERE repositories <> '{}' AND repositories <@ ARRAY[%1$s]::text[]
                """.formatted(list(whole)));
    }

    /** Capture had a gap, or cannot be relied on: an operator has to install again. */
    public static Future<Void> breaks(
            Runner authority, String group, long generation, Collection<String> repositories, String reason) {
        return authority
                .run("""
                        UPDATE crossfade.capture SET generation = generation + 1, broken_at = coalesce(broken_at, now()),
                          reason = $4, repositories = ARRAY(SELECT unnest(repositories) UNION SELECT unnest($3::text[]))
                        WHERE group_name = $1 AND generation = $2 AND NOT repositories @> $3::text[]
                        """, Tuple.of(group, generation, repositories.toArray(String[]::new), reason))
                .mapEmpty();
    }

    /** Capture is whole, but the shadow was written to: the rows of these repositories are compared anew. */
    public static Future<Void> compareAnew(
            Runner authority, String group, Collection<String> repositories, String reason) {
        return authority
                .run("""
                        WITH entries AS (INSERT INTO crossfade.journal (repository, kind, bypass)
                          SELECT r.id, 'resync', false FROM (SELECT txid_current()) AS begun, crossfade.repository AS r
                          WHERE r.name = ANY ($2::text[]))
                        INSERT INTO crossfade.capture AS c (group_name, generation, mending, reason)
                        VALUES ($1, 2, true, $3)
                        ON CONFLICT (group_name) DO UPDATE SET generation = c.generation + 1, mending = true,
                          reason = CASE WHEN c.broken_at IS NULL THEN excluded.reason ELSE c.reason END
                        """, Tuple.of(group, repositories.toArray(String[]::new), reason))
                .mapEmpty();
    }

    /**
     * A side that has become the authority takes over what the other side keeps of a group: its generation, so that none is
     * given out twice, and its marks, so that none is lost. What was being compared anew there is compared anew from here.
     *
     * @param generation that of this side's own record, 0 where it has none; a record that has changed since stays
     */
    public static Future<Void> takeOver(Runner authority, String group, long generation, Kept other) {
        boolean newer = other.generation() > generation;
        return authority
                .run(
                        """
                        WITH taken AS (
                          INSERT INTO crossfade.capture AS c (group_name, generation, broken_at, mending, reason, repositories)
                          VALUES ($1, $3, CASE WHEN cardinality($6::text[]) > 0 THEN now() END, $4, $5, $6::text[])
                          ON CONFLICT (group_name) DO UPDATE SET generation = excluded.generation,
                            broken_at = CASE WHEN $7 AND NOT c.given_up THEN excluded.broken_at
                                             ELSE coalesce(c.broken_at, excluded.broken_at) END,
                            repositories = CASE WHEN $7 AND NOT c.given_up THEN excluded.repositories
                              ELSE ARRAY(SELECT unnest(c.repositories) UNION SELECT unnest(excluded.repositories)) END,
                            mending = c.mending OR excluded.mending, reason = coalesce(excluded.reason, c.reason)
                          WHERE c.generation = $2 RETURNING group_name)
                        INSERT INTO crossfade.journal (repository, kind, bypass)
                        SELECT r.id, 'resync', false
                        FROM (SELECT txid_current()) AS begun, taken JOIN crossfade.repository AS r USING (group_name)
                        WHERE $4
                        """,
                        Tuple.of(
                                group,
                                generation,
                                other.isMarked() ? Math.max(generation, other.generation()) + 1 : other.generation(),
                                other.mending(),
                                other.reason(),
                                other.repositories().toArray(String[]::new),
                                newer))
                .mapEmpty();
    }

    /**
     * This side has become the authority without the other one being asked: whatever was proved of the group is void, in any
     * generation that the other side may have given out meanwhile.
     */
    public static Future<Void> forced(Runner authority, String group) {
        return authority.run("""
                        INSERT INTO crossfade.capture AS c (group_name, generation) VALUES ($1, 1000)
                        ON CONFLICT (group_name) DO UPDATE SET generation = c.generation + 1000
                        """, Tuple.of(group)).mapEmpty();
    }

    /** What had to be compared anew has been replayed. */
    public static Future<Void> mended(Runner authority, String group, long generation) {
        return authority.run("""
                        UPDATE crossfade.capture SET mending = false, reason = NULL
                        WHERE group_name = $1 AND generation = $2 AND broken_at IS NULL
                        """, Tuple.of(group, generation)).mapEmpty();
    }

    /** Capture of a group stops, without waiting for any lock on its tables, and an operator has to install again. */
    public static Future<Void> giveUp(Runner authority, String group, String reason) {
        String work = """
                DECLARE
                  which crossfade.repository;
                  event text;
                BEGIN
                  FOR which IN SELECT * FROM crossfade.repository WHERE group_name = %1$s LOOP
                    FOREACH event IN ARRAY '{insert,update,delete,truncate}'::text[] LOOP
                      EXECUTE format('CREATE OR REPLACE FUNCTION crossfade.capture_%%s_%%s() RETURNS trigger'
                        ' LANGUAGE plpgsql AS %%L', which.id, event, 'BEGIN RETURN NULL; END');
                    END LOOP;
                  END LOOP;
                  INSERT INTO crossfade.capture AS c (group_name, generation, broken_at, given_up, reason, repositories)
                  SELECT %1$s, 2, now(), true, %2$s, array_agg(r.name)
                  FROM crossfade.repository AS r WHERE r.group_name = %1$s
                  ON CONFLICT (group_name) DO UPDATE SET generation = c.generation + 1, broken_at = now(), given_up = true,
                    mending = false, reason = excluded.reason, repositories = excluded.repositories;
                END""".formatted(Identifiers.literal(group), Identifiers.literal(reason));
        return authority.run("DO" + Identifiers.literal(work), Tuple.tuple()).mapEmpty();
    }

    private static String list(Collection<String> names) {
        return names.stream().map(Identifiers::literal).collect(Collectors.joining(","));
    }

    /**
     * What a side keeps of a group.
     *
     * @param mending whether the gap is closed as soon as the journal up to now has been replayed
     * @param reason why it is broken or being mended; null where it is neither
     * @param repositories those whose rows have to be compared anew when capture is put back
     */
    public record Kept(
            long generation, boolean mending, @Nullable String reason, Set<String> repositories) {
        public Kept {
            repositories = Set.copyOf(repositories);
        }

        private boolean isMarked() {
            return mending || !repositories.isEmpty();
        }
    }
}
