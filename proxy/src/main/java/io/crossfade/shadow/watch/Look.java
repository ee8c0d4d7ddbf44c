package io.crossfade.shadow.watch;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.shadow.install.CaptureRecord;
import io.crossfade.shadow.install.Fingerprint;
import io.crossfade.shadow.install.Identity;
import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one side was like at one moment, read by one statement.
 *
 * @param identity which database answered; null where nothing is installed
 * @param witness what it knows of the other side, or null
 */
record Look(
        List<Seen> repositories,
        long journalBytes,
        @Nullable Identity identity,
        @Nullable Identity witness) {
    /** The codes of a database that answers and has no schema of ours. */
    private static final Set<String> NOT_INSTALLED = Set.of("42P01", "3F000", "42883");

    private static final Look UNINSTALLED = new Look(List.of(), 0, null, null);

    /** The most entries that are counted: the count runs each second, also when there are millions. */
    private static final int MOST_ENTRIES = 10_000;

    private static final String SQL = """
            SELECT r.name, r.group_name, split_part(r.fingerprint, ':', 1) <> split_part(n.fingerprint, ':', 1),
              split_part(r.fingerprint, ':', 2) <> split_part(n.fingerprint, ':', 2), r.fence, %2$s, coalesce(e.entries, 0),
              r.bypass_entries,
              r.bypass_seen_at, coalesce(c.generation, 0), coalesce(c.given_up, false), coalesce(c.mending, false),
              CASE WHEN c.broken_at IS NOT NULL OR c.mending THEN c.reason END, coalesce(c.repositories, '{}'),
              (SELECT pg_catalog.pg_total_relation_size('crossfade.journal')), i.*, w.identity, w.position
            FROM crossfade.repository AS r
              CROSS JOIN LATERAL (SELECT %1$s AS fingerprint OFFSET 0) AS n
              CROSS JOIN (SELECT %3$s) AS i (identity, position)
              LEFT JOIN crossfade.capture AS c USING (group_name)
              LEFT JOIN crossfade.witness AS w ON true
              LEFT JOIN (SELECT j.repository, count(*) AS entries
                         FROM (SELECT repository FROM crossfade.journal LIMIT %4$d) AS j GROUP BY j.repository) AS e
                ON e.repository = r.id
            ORDER BY r.name""".formatted(Fingerprint.SQL, Fingerprint.FENCE, Identity.SQL, MOST_ENTRIES);

    static Future<Look> at(Database database) {
        return database.run(SQL, Tuple.tuple(), true)
                .map(Look::of)
                .recover(error -> error instanceof DatabaseFailure said && NOT_INSTALLED.contains(said.code())
                        ? Future.succeededFuture(UNINSTALLED)
                        : Future.failedFuture(error));
    }

    /** Whether the side answers and has nothing of ours, as after a restore. */
    boolean isUninstalled() {
        return repositories.isEmpty();
    }

    /** Group by group. */
    Map<String, List<Seen>> byGroup() {
        Map<String, List<Seen>> groups = new TreeMap<>();
        repositories.forEach(seen ->
                groups.computeIfAbsent(seen.group(), name -> new ArrayList<>()).add(seen));
        return groups;
    }

    /** The groups of which something is seen for which this holds. */
    Set<String> groups(Predicate<Seen> which) {
        return repositories.stream().filter(which).map(Seen::group).collect(Collectors.toSet());
    }

    /** Any repository of a group: what is kept of the group as a whole is the same in all. */
    Optional<Seen> anyOf(String group) {
        return repositories.stream().filter(seen -> seen.group().equals(group)).findFirst();
    }

    Optional<Seen> find(String repository) {
        return repositories.stream()
                .filter(seen -> seen.name().equals(repository))
                .findFirst();
    }

    private static Look of(RowSet<Row> rows) {
        List<Seen> seen = new ArrayList<>();
        long bytes = 0;
        Identity identity = null;
        Identity witness = null;
        for (Row row : rows) {
            bytes = row.getLong(14);
            identity = Identity.of(row, 15);
            witness = Identity.of(row, 17);
            seen.add(new Seen(
                    row.getString(0),
                    row.getString(1),
                    row.getBoolean(2),
                    row.getBoolean(3),
                    row.getString(4),
                    row.getString(5),
                    row.getLong(6),
                    row.getLong(7),
                    row.get(OffsetDateTime.class, 8),
                    row.getLong(9),
                    row.getBoolean(10),
                    row.getBoolean(11),
                    row.getString(12),
                    Set.of(row.getArrayOfStrings(13))));
        }
        return new Look(seen, bytes, identity, witness);
    }

    /**
     * One repository.
     *
     * @param changed whether the table no longer looks as it did when it was installed
     * @param gap whether a capture trigger was changed since
     * @param fence how its fence looked when it was raised, or null
     * @param fenceNow how it looks now; null where there is none
     * @param reason why its group is broken or being mended, as it was written down; null where it is neither
     * @param marked the repositories of the group that were found to have a gap
     */
    record Seen(
            String name,
            String group,
            boolean changed,
            boolean gap,
            @Nullable String fence,
            @Nullable String fenceNow,
            long entries,
            long bypassEntries,
            @Nullable OffsetDateTime bypassSeenAt,
            long generation,
            boolean givenUp,
            boolean mending,
            @Nullable String reason,
            Set<String> marked) {
        /** Whether a script was at the triggers of a shadow; its capture is put back together with its fence. */
        boolean fenceTouched() {
            return gap || fenceNow == null || !fenceNow.equals(fence);
        }

        boolean broken() {
            return !marked.isEmpty();
        }

        /** What its side keeps of its group. */
        CaptureRecord.Kept kept() {
            return new CaptureRecord.Kept(generation, mending, reason, marked);
        }
    }
}
