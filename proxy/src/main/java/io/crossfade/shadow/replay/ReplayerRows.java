package io.crossfade.shadow.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the watcher does with the shadow's rows of all groups, one statement for each thing. */
final class ReplayerRows {
    private static final String LOCK = """
            SELECT g FROM unnest($1::text[]) AS g
            WHERE pg_try_advisory_lock(hashtextextended('crossfade.replay ' || g, 0))""";

    private static final String UNLOCK = """
            SELECT pg_advisory_unlock(hashtextextended('crossfade.replay ' || g, 0)) FROM unnest($1::text[]) AS g""";

    /** The lock of every batch changes xmax, so that a leader with a long backlog does not look like a sleeping one. */
    private static final String FOLLOW = """
            SELECT group_name, as_of, caught_up_at, catching_up, dead_letters, concat_ws(' ', token, as_of, xmin, xmax)
            FROM crossfade.replayer WHERE group_name = ANY ($1)""";

    /** A row that somebody else has locked is left out for this time; one with another token says so. */
    private static final String RENEW = """
            WITH mine AS (
              SELECT * FROM unnest($1::text[], $2::bigint[], $3::boolean[]) AS m(group_name, token, settled)),
            free AS (
              SELECT r.group_name FROM crossfade.replayer AS r
              JOIN mine AS m ON m.group_name = r.group_name AND m.token = r.token
              FOR UPDATE OF r SKIP LOCKED),
            done AS (
              UPDATE crossfade.replayer AS r SET as_of = $4::timestamptz, caught_up_at = CASE
                WHEN m.settled AND $4::timestamptz - r.as_of BETWEEN interval '0' AND $5::bigint * interval '1 microsecond'
                THEN coalesce(r.caught_up_at, $4::timestamptz) END
              FROM free AS f JOIN mine AS m ON m.group_name = f.group_name
              WHERE r.group_name = f.group_name AND r.token = m.token
              RETURNING r.group_name, r.caught_up_at)
            SELECT m.group_name, d.group_name IS NOT NULL, d.caught_up_at, r.token IS NOT DISTINCT FROM m.token
            FROM mine AS m
            LEFT JOIN done AS d ON d.group_name = m.group_name
            LEFT JOIN crossfade.replayer AS r ON r.group_name = m.group_name""";

    private final Session shadow;
    private final long leaseGapMicros;
    private final Set<String> held = new HashSet<>();

    ReplayerRows(Session shadow, Duration leaseGap) {
        this.shadow = shadow;
        this.leaseGapMicros = leaseGap.toNanos() / 1_000;
        // A crash may take a renewal back: it only makes the shadow look older than it is.
        shadow.run("SET synchronous_commit = off");
    }

    /** Those of the groups that nobody else leads. */
    Set<String> lock(Collection<String> groups) {
        Set<String> got = new HashSet<>();
        shadow.run(LOCK, Tuple.of(array(groups))).forEach(row -> got.add(row.getString(0)));
        held.addAll(got);
        return got;
    }

    /** Lets others lead these groups. */
    void unlock(Collection<String> groups) {
        Set<String> ours = new HashSet<>(groups);
        ours.retainAll(held);
        if (!ours.isEmpty()) {
            shadow.run(UNLOCK, Tuple.of(array(ours)));
            held.removeAll(ours);
        }
    }

    /** Those whose lock this session holds. */
    Set<String> held() {
        return Set.copyOf(held);
    }

    Future<RowSet<Row>> askFollowed(Collection<String> groups) {
        return shadow.send(FOLLOW, Tuple.of(array(groups)));
    }

    /**
     * What the leaders say.
     *
     * @param clock the authority's clock, asked for after {@code askedNanos}
     */
    Map<String, Followed> followed(Future<RowSet<Row>> answer, OffsetDateTime clock, long askedNanos) {
        Map<String, Followed> byGroup = new HashMap<>();
        for (Row row : shadow.await(answer)) {
            OffsetDateTime asOf = row.get(OffsetDateTime.class, 1);
            Progress seen = new Progress(
                    false,
                    asOf,
                    asOf == null
                            ? askedNanos
                            : askedNanos - Duration.between(asOf, clock).toNanos(),
                    0,
                    row.getBoolean(3),
                    row.getInteger(4),
                    null,
                    row.get(OffsetDateTime.class, 2),
                    0);
            byGroup.put(row.getString(0), new Followed(seen, row.getString(5)));
        }
        return byGroup;
    }

    /** Says that these groups are as they were; one answer for each. */
    List<Renewal> renew(List<Sight> idle, OffsetDateTime asOf) {
        String[] groups = idle.stream().map(sight -> sight.group().name()).toArray(String[]::new);
        Long[] tokens = idle.stream().map(sight -> sight.office().token()).toArray(Long[]::new);
        Boolean[] settled = idle.stream()
                .map(sight ->
                        sight.office().settled() && !sight.group().progress().behind())
                .toArray(Boolean[]::new);
        Map<String, Sight> byName = new HashMap<>();
        idle.forEach(sight -> byName.put(sight.group().name(), sight));
        List<Renewal> renewals = new ArrayList<>();
        for (Row row : shadow.run(RENEW, Tuple.of(groups, tokens, settled, asOf, leaseGapMicros))) {
            renewals.add(new Renewal(
                    java.util.Objects.requireNonNull(byName.get(row.getString(0)))
                            .group(),
                    row.getBoolean(1),
                    row.getBoolean(3),
                    row.get(OffsetDateTime.class, 2)));
        }
        return renewals;
    }

    private static Object array(Collection<String> groups) {
        return groups.toArray(String[]::new);
    }

    /**
     * A group as its leader shows it.
     *
     * @param pulse something that changes while the leader gets on
     */
    record Followed(Progress progress, String pulse) {}

    /**
     * What came of one renewal.
     *
     * @param done whether the moment was written
     * @param leading whether the token is still ours
     */
    record Renewal(
            GroupReplay group,
            boolean done,
            boolean leading,
            @Nullable OffsetDateTime caughtUpAt) {}
}
