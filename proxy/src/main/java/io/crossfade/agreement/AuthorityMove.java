package io.crossfade.agreement;

import io.crossfade.agreement.SideSession.UnknownOutcomeException;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.shadow.install.Fence;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import io.crossfade.state.StateRows;
import io.crossfade.state.States;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One move of the authority of one group, from side A to side B, as two transactions: {@link #leave} on A, after which
 * nobody takes writes, and {@link #arrive} on B, whose commit is the moment at which B takes them. Between the two,
 * everything that A holds has to be brought to B, which is the caller's part.
 *
 * <p>B's row is the truth: whether the move has happened is known only from what B says. Whoever dies in between leaves
 * rows from which every instance can go on ({@link Reconciler}).
 *
 * <p>Both connections are open before the first transaction, and have been asked everything once, so that no write waits for a
 * handshake or for a cold cache. Threads: any; one
 * step at a time.
 */
public final class AuthorityMove {
    /** To be asked behind the fence: by then whoever wrote without being captured has committed, and nobody does any more. */
    private static final String CHANGED = """
            SELECT 1 FROM crossfade.capture WHERE group_name = $1 AND given_up
            UNION ALL SELECT 1 FROM crossfade.repository WHERE group_name = $1 AND name <> ALL ($2::text[])""";

    /** Who has ended a move that its own driver or a healer has ended. */
    public static final String CROSSFADE = "crossfade";

    /** No row has it. */
    private static final long NO_EPOCH = -1;

    private final States states;
    private final Fences fences;
    private final Fence fence;
    private final SideSession here;
    private final SideSession there;
    private final GroupState from;
    private final Set<String> members;
    private final Stays stays;
    private volatile String locksHere = "";
    private volatile String locksThere = "";
    private volatile @Nullable GroupState leaving;

    AuthorityMove(
            States states,
            Fences fences,
            Fence fence,
            SideSession here,
            SideSession there,
            GroupState from,
            Set<String> members) {
        this.states = states;
        this.fences = fences;
        this.fence = fence;
        this.here = here;
        this.there = there;
        this.from = from;
        this.members = Set.copyOf(members);
        this.stays = new Stays(states, fences);
    }

    /**
     * Asks both sides what {@link #leave} and {@link #arrive} will ask, without changing anything, so that their sessions know
     * the statements and the tables by then. To be called while nobody waits.
     */
    public Future<Void> rehearse() {
        GroupState nothing = from.leaving(CROSSFADE, "nothing").at(NO_EPOCH);
        Future<String> near =
                here.withConnection(connection -> StateRows.change(SideSession.on(connection), NO_EPOCH, nothing)
                        .compose(unchanged -> requireUnchanged(connection).otherwiseEmpty())
                        .compose(looked -> fence.rehearse(connection, members)));
        Future<String> far =
                there.withConnection(connection -> StateRows.change(SideSession.on(connection), NO_EPOCH, nothing)
                        .compose(unchanged -> fences.rehearseArrival(connection, members)));
        return Future.join(near, far).map(both -> {
            locksHere = near.result();
            locksThere = far.result();
            return null;
        });
    }

    /**
     * Ends the writes on A: its row says that the authority is on its way, and its fence goes up, in one transaction.
     *
     * @return false where somebody else has changed the group meanwhile; fails where writers kept it from its locks,
     *     with nothing changed. Where the answer of the commit was lost, nobody knows whether A has committed, and
     *     {@link #abort} finds out
     */
    public Future<Boolean> leave(String operator, String why) {
        GroupState next = from.leaving(operator, why);
        return here.inTransaction(connection -> StateRows.change(SideSession.on(connection), from.epoch(), next)
                        .compose(stored -> {
                            leaving = stored;
                            return stored == null
                                    ? Future.succeededFuture(false)
                                    : fence.raise(
                                                    connection,
                                                    members,
                                                    here.side().other(),
                                                    locksHere,
                                                    () -> requireUnchanged(connection))
                                            .map(true);
                        }))
                .recover(error -> {
                    if (!(error instanceof UnknownOutcomeException)) {
                        leaving = null;
                    }
                    return error instanceof ChangedException
                            ? Future.succeededFuture(false)
                            : Future.failedFuture(error);
                });
    }

    /** What is not in A's journal would never reach B, and a table that is not known of here has no fence. */
    private Future<Void> requireUnchanged(SqlConnection connection) {
        return connection
                .preparedQuery(CHANGED)
                .execute(Tuple.of(from.group(), (Object) members.toArray(String[]::new)))
                .compose(found ->
                        found.size() == 0 ? Future.succeededFuture() : Future.failedFuture(new ChangedException()));
    }

    /**
     * Gives the writes to B: its row says so and its fence goes down, in one transaction.
     *
     * @return whether B has them. Where no answer came, B is asked until it answers: this may take as long as B is away,
     *     and the caller sets the limit of time
     */
    public Future<Boolean> arrive(Destination destination, String operator, String why) {
        GroupState left = Objects.requireNonNull(leaving, "nothing has left");
        GroupState next = destination.after(left, operator, why);
        if (next.authority() != there.side()) {
            throw new IllegalArgumentException("stage " + next.stage().label() + " does not write on "
                    + there.side().label());
        }
        return there.<@Nullable GroupState>inTransaction(connection -> StateRows.change(
                                SideSession.on(connection), from.epoch(), next)
                        .compose(stored -> stored == null
                                ? Future.succeededFuture(null)
                                : Fences.arrive(fence, connection, next, members, locksThere)
                                        .map(stored)))
                .compose(
                        stored -> stored == null ? lookThere().map(false) : arrived(stored),
                        error -> error instanceof UnknownOutcomeException
                                ? stays.decide(left, CROSSFADE, "the answer of the commit was lost")
                                        .compose(outcome -> lookThere().map(outcome.authority() == there.side()))
                                : Future.failedFuture(error));
    }

    /** Nobody has to ask B what it has just said: writes wait for this. */
    private Future<Boolean> arrived(GroupState stored) {
        states.knows(there.side(), stored);
        return Future.succeededFuture(true);
    }

    private Future<Void> lookThere() {
        return states.look(there.side()).otherwiseEmpty();
    }

    /**
     * Has the writes stay on A, unless B has them already. It ends this very move and no other: where this one has not left,
     * or was ended and another one is under way by now, nothing is done.
     *
     * @return what was decided of this move, by whomever; where it has not left, where the group stands now
     */
    public Future<GroupState> abort(String why) {
        GroupState mine = leaving;
        return states.look(here.side()).compose(seen -> {
            GroupState row = known().of(here.side());
            return mine != null && isSame(mine, row)
                    ? stays.end(mine, CROSSFADE, why, members)
                    : states.look(there.side()).map(looked -> decidedOf(mine));
        });
    }

    /** Who has stopped a move stands on the other side, whatever is under way by now. */
    private GroupState decidedOf(@Nullable GroupState mine) {
        GroupState word = known().of(there.side());
        return mine != null && word != null && word.epoch() > mine.epoch() ? word : known().holding();
    }

    /** Another move that began at the same epoch, after this one was undone, has another moment. */
    private static boolean isSame(GroupState mine, @Nullable GroupState row) {
        return row != null
                && row.isMoving()
                && row.epoch() == mine.epoch()
                && Objects.equals(row.changedAt(), mine.changedAt());
    }

    /** Whether somebody else is known to have ended this move, so that it will not arrive. */
    public boolean isEnded() {
        GroupState mine = leaving;
        return mine != null && known().rows().values().stream().anyMatch(row -> row.epoch() > mine.epoch());
    }

    private BothRows known() {
        BothRows rows = states.of(from.group());
        return rows != null ? rows : new BothRows(from.group(), Map.of(), members);
    }

    /** Where A is. */
    public Side from() {
        return here.side();
    }

    /** The stage that it is based on. */
    public Stage stage() {
        return from.stage();
    }

    /** Whether this very move is what has brought the writes where a side says that they are. */
    public boolean cameTo(GroupState state) {
        GroupState mine = leaving;
        return mine != null && state.authority() == there.side() && state.epoch() > mine.epoch();
    }

    /** The epoch that it is based on. */
    public long epoch() {
        return from.epoch();
    }

    /** Gives both connections back. */
    public Future<Void> close() {
        return Future.join(here.close(), there.close()).mapEmpty();
    }

    /** Capture was given up, or another repository has joined the group. */
    private static final class ChangedException extends RuntimeException {
        ChangedException() {
            super("the group was changed", null, false, false);
        }
    }
}
