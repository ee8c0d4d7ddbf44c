package io.crossfade.shadow.replay;

import io.crossfade.migration.Side;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The leadership of one group: the token that was raised for it, and what was read after that. It belongs to the group
 * and not to a session, so any worker may serve it; but when a session breaks in the middle of a batch, what it has sent
 * may still be running on the server, and only another office, with a token that fences it, may go on.
 *
 * <p>Threads: whoever holds the group at the moment (see {@link GroupReplay}).
 */
final class Office {
    private static final String RAISE = """
            INSERT INTO crossfade.replayer AS r (group_name, token)
            VALUES ($1, 1 + floor(random() * 1e12)::bigint)
            ON CONFLICT (group_name) DO UPDATE SET token = r.token + 1 + floor(random() * 1e12)::bigint
            RETURNING token""";

    /** In a statement of its own, which sees what had committed while the one before it waited for the lock. */
    private static final String TAKES_THE_WRITES =
            "SELECT FROM crossfade.state WHERE group_name = $1 AND authority = $2 AND moving_to IS NULL";

    private final String group;
    private final long token;
    private final Shape shape;
    private final DeadLetterBox deadLetters;
    private final boolean replicaRole;
    private final BooleanSupplier red;
    private final Samples samples;
    private boolean settled;
    private final SliceSize sliceSize = new SliceSize();
    private final CopyTerms copyTerms = new CopyTerms();
    private @Nullable Snapshot next;
    private @Nullable StagedParcel nextParcel;

    private Office(
            String group,
            long token,
            Shape shape,
            DeadLetterBox deadLetters,
            boolean replicaRole,
            BooleanSupplier red,
            Samples samples) {
        this.group = group;
        this.token = token;
        this.shape = shape;
        this.deadLetters = deadLetters;
        this.replicaRole = replicaRole;
        this.red = red;
        this.samples = samples;
    }

    /**
     * Raises the token, and only then looks at anything that is to be replayed.
     *
     * @param to the side that is to be written to; what it says of itself counts, and not what this instance believes
     * @param red whether the shadow may lack writes that were never captured
     */
    static Office take(String group, Side to, Session authority, Session shadow, BooleanSupplier red) {
        boolean replicaRole = mayBeReplica(shadow);
        long token = raise(group, to, shadow);
        Shape shape = Shape.read(group, authority, shadow);
        return new Office(
                group,
                token,
                shape,
                new DeadLetterBox(shadow, shape),
                replicaRole,
                red,
                new Samples(to, System::nanoTime));
    }

    /**
     * Raises the token, unless that side takes the writes itself: then everything is undone, so that nobody who writes
     * there by right is disturbed.
     */
    private static long raise(String group, Side to, Session shadow) {
        shadow.run("BEGIN ISOLATION LEVEL READ COMMITTED");
        try {
            long token = shadow.run(RAISE, Tuple.of(group)).iterator().next().getLong(0);
            if (shadow.run(TAKES_THE_WRITES, Tuple.of(group, to.label())).size() > 0) {
                throw new RefusedException(to);
            }
            shadow.run("COMMIT");
            return token;
        } catch (RefusedException e) {
            shadow.run("ROLLBACK");
            throw e;
        }
    }

    String group() {
        return group;
    }

    long token() {
        return token;
    }

    Shape shape() {
        return shape;
    }

    DeadLetterBox deadLetters() {
        return deadLetters;
    }

    boolean replicaRole() {
        return replicaRole;
    }

    SliceSize sliceSize() {
        return sliceSize;
    }

    CopyTerms copyTerms() {
        return copyTerms;
    }

    Samples samples() {
        return samples;
    }

    /**
     * Whether the last thing that this office published, with a commit that was confirmed, says that the shadow is not
     * behind. Only then may the next state, whose snapshot begins after that commit, be the first of a new lease. Never while
     * the group is red: so every instance learns from the shadow itself that no other one reads it.
     */
    boolean settled() {
        return settled && !red.getAsBoolean();
    }

    void published(boolean behind) {
        settled = !behind;
    }

    /** Keeps a slice that was read before its turn; it ends with the office, because only the next batch may write it. */
    void keepNext(@Nullable Snapshot slice) {
        next = slice;
    }

    /** The slice that was kept, once. */
    @Nullable
    Snapshot takeNext() {
        Snapshot kept = next;
        next = null;
        return kept;
    }

    /** As {@link #keepNext(Snapshot)}. */
    void keepNext(@Nullable StagedParcel slice) {
        nextParcel = slice;
    }

    /** The slice that was kept, once; whoever goes on otherwise has to forget it. */
    @Nullable
    StagedParcel takeNextParcel() {
        StagedParcel kept = nextParcel;
        nextParcel = null;
        return kept;
    }

    /** Where the role may, no trigger and no foreign key's action runs while rows are replayed. */
    private static boolean mayBeReplica(Session shadow) {
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

    /** The side that was to be written to takes the writes itself: this instance has not heard of it yet. */
    static final class RefusedException extends RuntimeException {
        RefusedException(Side to) {
            super("the " + to.label() + " database takes the writes of the group itself", null, false, false);
        }
    }
}
