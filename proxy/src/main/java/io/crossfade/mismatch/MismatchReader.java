package io.crossfade.mismatch;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.mismatch.Evidence.Stretch;
import io.crossfade.mismatch.FoundMismatch.Resolution;
import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What one side holds of mismatches. Threads: any. */
final class MismatchReader {
    private static final Set<String> NOT_INSTALLED = Set.of("42P01", "3F000");

    private static final String GROUPS = """
            SELECT id, repository, kind, columns, transient, confirmed, first_seen_at, last_seen_at, last_confirmed_at,
              resolved_at, resolved_by, reason, shape, CASE WHEN $1::text IS NULL THEN '[]' ELSE samples::text END AS samples
            FROM crossfade.mismatch WHERE ($1::text IS NULL OR id = $1) AND ($2::text IS NULL OR repository = $2)""";

    private static final String RESOLVE = """
            UPDATE crossfade.mismatch SET resolved_at = greatest(clock_timestamp(), last_confirmed_at), resolved_by = $2, reason = $3
            WHERE id = $1 RETURNING repository""";

    /** What an operator has said of it stands. */
    private static final String AGREES = """
            UPDATE crossfade.mismatch SET resolved_at = clock_timestamp(), resolved_by = $4,
              reason = 'read again, and both sides gave the same'
            WHERE id = $1 AND last_confirmed_at < $2::timestamptz + (clock_timestamp() - $3::timestamptz)
              AND (resolved_at IS NULL OR resolved_at < last_confirmed_at)""";

    private static final String COMPARED = """
            SELECT repository, sum(reads)::bigint AS reads, sum(mismatched)::bigint AS mismatched,
              sum(confirmed)::bigint AS confirmed, min(first_at) AS first_at, max(last_at) AS last_at
            FROM crossfade.compared WHERE seconds = 3600 AND begins >= $1::timestamptz - interval '1 hour' AND last_at >= $1
            GROUP BY repository""";

    private static final String STRETCHES = """
            SELECT min(first_at) AS first_at, max(last_at) AS last_at
            FROM crossfade.compared WHERE seconds = 3600 AND begins >= $1::timestamptz - interval '1 hour' AND last_at >= $1
              AND repository = ANY ($2::text[])
            GROUP BY begins ORDER BY begins""";

    private static final String LATELY = """
            SELECT repository, extract(epoch FROM begins)::bigint AS begins, sum(reads)::bigint AS reads,
              sum(confirmed)::bigint AS confirmed
            FROM crossfade.compared WHERE seconds = 10 AND begins >= $1 AND instance <> $2 GROUP BY repository, begins""";

    /** Each question to a side without an installation is an error in its log. */
    private static final long REST_NANOS = 60_000_000_000L;

    private final Database side;
    private final AtomicReference<@Nullable Long> missedAt = new AtomicReference<>();

    MismatchReader(Database side) {
        this.side = side;
    }

    Database side() {
        return side;
    }

    /** Not where nothing was installed less than a minute ago. */
    boolean isWorthAsking() {
        Long missed = missedAt.get();
        return missed == null || System.nanoTime() - missed > REST_NANOS;
    }

    /**
     * Its groups; none where nothing is installed.
     *
     * @param id one alone, with its samples; null for all, without
     * @param repository only this one's; null for all
     */
    Future<List<FoundMismatch>> groups(@Nullable String id, @Nullable String repository) {
        return installed(
                side.run(GROUPS, Tuple.of(id, repository), true).map(rows -> {
                    List<FoundMismatch> groups = new ArrayList<>();
                    rows.forEach(row -> groups.add(group(row)));
                    return groups;
                }),
                List.of());
    }

    /** Calls it resolved, now by the clock of the side, which is that of its moments; whether it is known here. */
    Future<Boolean> resolve(String id, String by, String reason) {
        Tuple values = Tuple.of(id, by, reason);
        return installed(side.run(RESOLVE, values, true).map(rows -> rows.size() > 0), false);
    }

    /**
     * Calls it resolved where it was not confirmed since.
     *
     * @param now by the clock that {@code began} is of
     */
    Future<Void> agrees(String id, Instant began, Instant now) {
        Tuple values =
                Tuple.of(id, began.atOffset(ZoneOffset.UTC), now.atOffset(ZoneOffset.UTC), FoundMismatch.CROSSFADE);
        return installed(side.run(AGREES, values, false).map(done -> true), false)
                .mapEmpty();
    }

    /** What was compared since, by repository. */
    Future<Map<String, Compared>> compared(OffsetDateTime since) {
        return installed(
                side.run(COMPARED, Tuple.of(since), true).map(rows -> {
                    Map<String, Compared> compared = new HashMap<>();
                    for (Row row : rows) {
                        compared.put(
                                row.getString("repository"),
                                new Compared(
                                        row.getLong("reads"),
                                        row.getLong("mismatched"),
                                        row.getLong("confirmed"),
                                        row.getOffsetDateTime("first_at"),
                                        row.getOffsetDateTime("last_at")));
                    }
                    return compared;
                }),
                Map.of());
    }

    /** When reads of these repositories were compared since, hour by hour: the first and the last of each hour. */
    Future<List<Stretch>> stretches(OffsetDateTime since, Set<String> repositories) {
        Tuple values = Tuple.tuple().addOffsetDateTime(since).addArrayOfString(repositories.toArray(String[]::new));
        return installed(
                side.run(STRETCHES, values, true).map(rows -> {
                    List<Stretch> stretches = new ArrayList<>();
                    rows.forEach(row -> stretches.add(
                            new Stretch(row.getOffsetDateTime("first_at"), row.getOffsetDateTime("last_at"))));
                    return stretches;
                }),
                List.of());
    }

    /** What other proxies have compared since, in short spans. */
    Future<Map<Span, ComparedCount>> lately(OffsetDateTime since, UUID notBy) {
        return installed(
                side.run(LATELY, Tuple.tuple().addOffsetDateTime(since).addUUID(notBy), true)
                        .map(rows -> {
                            Map<Span, ComparedCount> lately = new HashMap<>();
                            for (Row row : rows) {
                                lately.put(
                                        new Span(row.getString("repository"), Span.SHORT, row.getLong("begins")),
                                        new ComparedCount(row.getLong("reads"), row.getLong("confirmed")));
                            }
                            return lately;
                        }),
                Map.of());
    }

    /** How many groups were forgotten because there were too many: never confirmed, and confirmed. */
    Future<Dropped> dropped() {
        return installed(
                side.run(
                                "SELECT transient, confirmed, confirmed_at FROM crossfade.mismatch_dropped",
                                Tuple.tuple(),
                                true)
                        .map(rows -> {
                            for (Row row : rows) {
                                return new Dropped(row.getLong(0), row.getLong(1), row.getOffsetDateTime(2));
                            }
                            return Dropped.NONE;
                        }),
                Dropped.NONE);
    }

    private static FoundMismatch group(Row row) {
        OffsetDateTime resolvedAt = row.getOffsetDateTime("resolved_at");
        return new FoundMismatch(
                row.getString("id"),
                row.getString("repository"),
                row.getString("kind"),
                List.of(row.getArrayOfStrings("columns")),
                row.getLong("transient"),
                row.getLong("confirmed"),
                row.getOffsetDateTime("first_seen_at"),
                row.getOffsetDateTime("last_seen_at"),
                row.getOffsetDateTime("last_confirmed_at"),
                resolvedAt == null
                        ? null
                        : new Resolution(resolvedAt, row.getString("resolved_by"), row.getString("reason")),
                row.getString("shape"),
                new JsonArray(row.getString("samples")));
    }

    /** Where nothing is installed, nothing was ever found. */
    private <T> Future<T> installed(Future<T> answer, T without) {
        return answer.onSuccess(said -> missedAt.set(null)).recover(error -> {
            if (!isNotInstalled(error)) {
                return Future.failedFuture(error);
            }
            missedAt.set(System.nanoTime());
            return Future.succeededFuture(without);
        });
    }

    static boolean isNotInstalled(Throwable error) {
        return error instanceof DatabaseFailure said && NOT_INSTALLED.contains(said.code());
    }
}
