package io.crossfade.mismatch;

import io.crossfade.mismatch.Outbox.Findings;
import io.crossfade.settings.MismatchSettings;
import io.crossfade.sides.Database;
import io.crossfade.sides.Mask;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes what was found into one side. Counts are added to what is there, and a batch carries its number, which is written in
 * the same statement: one that is sent again because its answer was lost finds itself and adds nothing. When a mismatch was
 * seen is told by the clock of the side, so that proxies whose clocks differ agree on what came before a resolution.
 *
 * <p>Threads: any.
 */
final class MismatchWriter {
    /** Groups are written in one order, so that two proxies cannot wait for each other. */
    private static final String WRITE = """
            WITH said AS (SELECT CAST($3::text AS jsonb) AS j, clock_timestamp() - $6::timestamptz AS ahead),
            fresh AS (
              INSERT INTO crossfade.comparer AS c (instance, batch) VALUES ($1, $2)
              ON CONFLICT (instance) DO UPDATE SET batch = excluded.batch, at = now() WHERE c.batch < excluded.batch
              RETURNING batch),
            found AS (
              INSERT INTO crossfade.mismatch AS m (id, repository, kind, columns, transient, confirmed, first_seen_at,
                last_seen_at, last_confirmed_at, shape, samples, opened_by, opened_batch)
              SELECT g.id, g.repository, g.kind, g.columns, g.transient, g.confirmed, g.first_seen_at + ahead,
                g.last_seen_at + ahead, g.last_confirmed_at + ahead, g.shape, g.samples, CASE WHEN g.confirmed > 0 THEN $1 END,
                CASE WHEN g.confirmed > 0 THEN $2 END
              FROM fresh, said, jsonb_to_recordset(j -> 'groups') AS g(id text, repository text, kind text, columns text[],
                transient bigint, confirmed bigint, first_seen_at timestamptz, last_seen_at timestamptz,
                last_confirmed_at timestamptz, shape text, samples jsonb)
              ORDER BY g.id
              ON CONFLICT (id) DO UPDATE SET transient = m.transient + excluded.transient,
                confirmed = m.confirmed + excluded.confirmed,
                first_seen_at = least(m.first_seen_at, excluded.first_seen_at),
                last_seen_at = greatest(m.last_seen_at, excluded.last_seen_at),
                last_confirmed_at = greatest(m.last_confirmed_at, excluded.last_confirmed_at),
                shape = excluded.shape,
                -- The youngest, and of one row one.
                samples = (SELECT coalesce(jsonb_agg(s ORDER BY n), '[]') FROM (
                  SELECT s, n FROM (SELECT DISTINCT ON (s -> 'key') s, n
                    FROM jsonb_array_elements(excluded.samples || m.samples) WITH ORDINALITY AS e(s, n)
                    ORDER BY s -> 'key', n) AS of_each_row ORDER BY n LIMIT 5) AS kept),
                (opened_by, opened_batch) = (SELECT
                  CASE WHEN opens THEN excluded.opened_by ELSE m.opened_by END,
                  CASE WHEN opens THEN excluded.opened_batch ELSE m.opened_batch END
                  FROM (SELECT excluded.last_confirmed_at IS NOT NULL AND (m.last_confirmed_at IS NULL
                    OR (m.resolved_at >= m.last_confirmed_at AND excluded.last_confirmed_at > m.resolved_at))
                    IS TRUE AS opens) AS asked)
              RETURNING id, opened_by = $1 AND opened_batch = $2 AS opened),
            compared AS (
              INSERT INTO crossfade.compared AS c (seconds, begins, repository, instance, reads, mismatched, confirmed,
                first_at, last_at)
              SELECT s.seconds, s.begins, s.repository, $1, s.reads, s.mismatched, s.confirmed, s.first_at, s.last_at
              FROM fresh, said, jsonb_to_recordset(j -> 'spans') AS s(seconds integer, begins timestamptz, repository text,
                reads bigint, mismatched bigint, confirmed bigint, first_at timestamptz, last_at timestamptz)
              ON CONFLICT (seconds, begins, repository, instance) DO UPDATE SET reads = c.reads + excluded.reads,
                mismatched = c.mismatched + excluded.mismatched, confirmed = c.confirmed + excluded.confirmed,
                first_at = least(c.first_at, excluded.first_at), last_at = greatest(c.last_at, excluded.last_at)),
            dropped AS (
              UPDATE crossfade.mismatch_dropped AS d SET transient = d.transient + $4, confirmed = d.confirmed + $5,
                confirmed_at = CASE WHEN $5::bigint > 0 THEN now() ELSE d.confirmed_at END
              FROM fresh WHERE $4::bigint + $5::bigint > 0)
            SELECT id FROM found WHERE opened
            UNION SELECT id FROM crossfade.mismatch WHERE opened_by = $1 AND opened_batch = $2""";

    private final Database side;
    private final UUID instance;
    private final MismatchSettings settings;
    private final InstantSource clock;
    private volatile @Nullable Mask mask;

    MismatchWriter(Database side, UUID instance, MismatchSettings settings, InstantSource clock) {
        this.clock = clock;
        this.side = side;
        this.instance = instance;
        this.settings = settings;
    }

    /**
     * Writes them, once however often it is asked.
     *
     * @return the groups that were not confirmed before, or are so again after they were resolved; of all proxies only one
     *     is told of each
     */
    Future<Map<GroupKey, Pending>> write(Findings findings) {
        return mask().compose(known -> side.run(
                        WRITE,
                        Tuple.tuple()
                                .addUUID(instance)
                                .addLong(findings.number())
                                .addString(document(findings, known).encode())
                                .addLong(findings.droppedTransient())
                                .addLong(findings.droppedConfirmed())
                                .addOffsetDateTime(clock.instant().atOffset(ZoneOffset.UTC)),
                        true)
                .map(rows -> {
                    Set<String> opened = new HashSet<>();
                    rows.forEach(row -> opened.add(row.getString(0)));
                    Map<GroupKey, Pending> groups = new LinkedHashMap<>(findings.groups());
                    groups.keySet().removeIf(key -> !opened.contains(key.id()));
                    return groups;
                }));
    }

    private Future<Mask> mask() {
        Mask known = mask;
        return known != null ? Future.succeededFuture(known) : Mask.of(side).onSuccess(read -> mask = read);
    }

    private JsonObject document(Findings findings, Mask mask) {
        JsonArray groups = new JsonArray();
        findings.groups().forEach((key, pending) -> groups.add(group(key, pending, mask)));
        JsonArray spans = new JsonArray();
        findings.spans().forEach((span, tally) -> spans.add(span(span, tally)));
        return new JsonObject().put("groups", groups).put("spans", spans);
    }

    private JsonObject group(GroupKey key, Pending pending, Mask mask) {
        Images images = new Images(mask, settings.reveals(key.repository()));
        JsonArray samples = new JsonArray();
        pending.samples().forEach(sample -> samples.add(images.of(sample)));
        Instant lastConfirmed = pending.lastConfirmed();
        return new JsonObject()
                .put("id", key.id())
                .put("repository", key.repository())
                .put("kind", key.kind().label())
                .put("columns", new JsonArray(key.columns()))
                .put("transient", pending.transientCalls())
                .put("confirmed", pending.confirmedCalls())
                .put("first_seen_at", pending.first().toString())
                .put("last_seen_at", pending.last().toString())
                .put("last_confirmed_at", lastConfirmed == null ? null : lastConfirmed.toString())
                .put("shape", pending.shape())
                .put("samples", samples);
    }

    private static JsonObject span(Span span, Tally tally) {
        return new JsonObject()
                .put("seconds", span.seconds())
                .put("begins", Instant.ofEpochSecond(span.begins()).toString())
                .put("repository", span.repository())
                .put("reads", tally.reads())
                .put("mismatched", tally.mismatched())
                .put("confirmed", tally.confirmed())
                .put("first_at", tally.first().toString())
                .put("last_at", tally.last().toString());
    }
}
