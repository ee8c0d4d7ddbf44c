package io.crossfade.shadow.replay;

import io.crossfade.settings.SideSettings;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;

/**
 * The two connections of one candidate. It follows until it takes office by raising the token on the shadow; from that
 * commit on, whoever held the token before can write nothing there.
 */
final class Leadership implements AutoCloseable {
    private static final String RAISE = """
            INSERT INTO crossfade.replayer AS r (group_name, token)
            VALUES ($1, 1 + floor(random() * 1e12)::bigint)
            ON CONFLICT (group_name) DO UPDATE SET token = r.token + 1 + floor(random() * 1e12)::bigint
            RETURNING token""";

    /** The lock of every batch changes xmax, so that a leader with a long backlog does not look like a sleeping one. */
    private static final String PULSE =
            "SELECT concat_ws(' ', token, as_of, xmin, xmax), as_of FROM crossfade.replayer WHERE group_name = $1";

    private final String group;
    private final Session authority;
    private final Session shadow;

    private Leadership(String group, Session authority, Session shadow) {
        this.group = group;
        this.authority = authority;
        this.shadow = shadow;
    }

    static Leadership open(Vertx vertx, String group, SideSettings authority, SideSettings shadow, Duration patience) {
        Session from = Session.open(vertx, authority, patience);
        try {
            return new Leadership(group, from, Session.open(vertx, shadow, patience));
        } catch (RuntimeException e) {
            from.close();
            throw e;
        }
    }

    /** Whether nobody else holds the lock; it only spares work, and goes with the connection. */
    boolean lock() {
        return shadow.run(
                        "SELECT pg_try_advisory_lock(hashtextextended('crossfade.replay ' || $1, 0))", Tuple.of(group))
                .iterator()
                .next()
                .getBoolean(0);
    }

    /** Something that changes while the leader gets on. */
    String pulse() {
        RowSet<Row> rows = shadow.run(PULSE, Tuple.of(group));
        return rows.size() == 0 ? "" : rows.iterator().next().getString(0);
    }

    /** What is seen of the leader's progress from here. */
    Progress observed(Progress before) {
        for (Row row : shadow.run(PULSE, Tuple.of(group))) {
            OffsetDateTime asOf = row.get(OffsetDateTime.class, 1);
            if (asOf != null) {
                long age = authority
                        .run("SELECT (extract(epoch FROM clock_timestamp() - $1) * 1e9)::bigint", Tuple.of(asOf))
                        .iterator()
                        .next()
                        .getLong(0);
                return new Progress(
                        false, asOf, System.nanoTime() - age, 0, before.catchingUp(), before.deadLetters(), null);
            }
        }
        return before;
    }

    /** Raises the token, and only then looks at anything that is to be replayed. */
    Batch takeOffice() {
        boolean replicaRole = mayBeReplica();
        long token = shadow.run(RAISE, Tuple.of(group)).iterator().next().getLong(0);
        Shape shape = Shape.read(group, authority, shadow);
        DeadLetterBox deadLetters = new DeadLetterBox(shadow, shape);
        return new Batch(
                authority,
                new SnapshotReader(authority, shadow, shape),
                new Applier(shadow, group, token, shape, deadLetters, replicaRole),
                deadLetters);
    }

    @Override
    public void close() {
        authority.close();
        shadow.close();
    }

    /** Where the role may, no trigger and no foreign key's action runs while rows are replayed. */
    private boolean mayBeReplica() {
        try {
            shadow.run("SET session_replication_role = replica; RESET session_replication_role");
            return true;
        } catch (PgException e) {
            if ("42501".equals(e.getSqlState())) {
                return false;
            }
            throw e;
        }
    }
}
