package io.crossfade.agreement;

import io.crossfade.migration.Side;
import io.crossfade.shadow.install.Fence;
import io.crossfade.shadow.reconcile.RefusedRows;
import io.crossfade.shadow.reconcile.Unreplayed;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.state.GroupState;
import io.crossfade.state.StateRows;
import io.crossfade.state.StateRows.Statements;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/**
 * Changes the state row of one side, and that side's fence with it, in one transaction. The row comes first: whoever finds
 * it changed touches no table.
 */
final class Fences {
    /** Whoever replays towards this side holds an old token from here on. */
    private static final String RAISE_TOKEN = "UPDATE crossfade.replayer"
            + " SET token = token + 1 + floor(random() * 1e12)::bigint WHERE group_name = $1";

    /** The row comes before all else in every transaction, so that no two of them wait for each other. */
    private static final String LOCK_ROW = "SELECT FROM crossfade.state WHERE group_name = $1 FOR UPDATE";

    /**
     * What the shadow showed before a time in which it was not followed says nothing about now, however short that was. It
     * was followed until now where the state before this one says so; where this one is known already, nothing begins.
     */
    private static final String END_LEASE = """
            UPDATE crossfade.replayer SET as_of = NULL, caught_up_at = NULL
            WHERE group_name = $1 AND NOT EXISTS (
              SELECT FROM crossfade.state
              WHERE group_name = $1 AND (epoch >= $2 OR (epoch = $2 - 1 AND stage <> 'off' AND authority = $3)))""";

    /** Where anybody may write, nothing that was found equal has to stay so. */
    private static final String VOID_FACTS =
            "DELETE FROM crossfade.fact WHERE group_name = $1 AND fact IN ('backfill', 'verify')";
    /** What was shown here as the authority was true of no other moment than its own. */
    private static final String NEW_TOKEN = "UPDATE crossfade.replayer SET as_of = NULL, caught_up_at = NULL,"
            + " catching_up = true, token = token + 1 + floor(random() * 1e12)::bigint WHERE group_name = $1";

    /** What a day of unreplayed entries may take to be put on the list; it cannot be done in parts. */
    private static final Duration TAKE_BACK = Duration.ofMinutes(15);

    private static final String IS_FENCED = "SELECT stage <> 'off' AND (authority <> $2 OR moving_to IS NOT NULL)"
            + " FROM crossfade.state WHERE group_name = $1 FOR SHARE";

    private final Vertx vertx;
    private final Sides sides;
    private final Fence fence;

    Fences(Vertx vertx, Sides sides, Fence fence) {
        this.vertx = vertx;
        this.sides = sides;
        this.fence = fence;
    }

    /** Copies what the other side says of itself, and brings the fence of this side to what it says. */
    Future<Void> follow(Side side, GroupState decided, Collection<String> members) {
        return inSession(
                side,
                session -> session.inTransaction(connection -> followIn(connection, side, decided, members))
                        // One that cannot be dropped now harms nobody as long as it sleeps.
                        .compose(followed -> decided.fences(side)
                                ? Future.succeededFuture()
                                : session.withConnection(connection -> fence.clear(connection, members))
                                        .otherwiseEmpty()));
    }

    private Future<Void> followIn(SqlConnection connection, Side side, GroupState decided, Collection<String> members) {
        return connection
                .preparedQuery(LOCK_ROW)
                .execute(Tuple.of(decided.group()))
                .compose(locked -> connection
                        .preparedQuery(END_LEASE)
                        .execute(Tuple.of(
                                decided.group(),
                                decided.epoch(),
                                decided.authority().label())))
                .compose(ended -> StateRows.follow(SideSession.on(connection), side, decided))
                .compose(stored -> stored ? apply(connection, side, decided, members) : Future.<Void>succeededFuture());
    }

    /**
     * Raises the fence of a side once more, where its own row says that it belongs there.
     *
     * @return how the fence of each repository looks then; none where there is to be no fence
     */
    Future<Map<String, String>> raiseAgain(Side side, String group, Collection<String> members) {
        return inSession(
                side,
                session -> session.inTransaction(connection -> connection
                        .preparedQuery(IS_FENCED)
                        .execute(Tuple.of(group, side.label()))
                        .compose(rows ->
                                rows.size() == 1 && rows.iterator().next().getBoolean(0)
                                        ? raiseAgain(connection, side, members)
                                        : Future.succeededFuture(Map.<String, String>of()))));
    }

    private Future<Map<String, String>> raiseAgain(SqlConnection connection, Side side, Collection<String> members) {
        return fence.raise(connection, members, side.other())
                .compose(raised -> Fence.putCaptureBack(connection, members))
                .compose(back -> Fence.looks(connection, members));
    }

    /**
     * Ends the writes on a side that says of itself that it takes them, although the other side does by a later decision:
     * its row, its fence, and what it had written and the other lacks, in one transaction. Whoever writes there is waited for
     * first, and is refused from then on.
     *
     * @param claim what it was read to say; nothing is done where it says something else by now
     */
    Future<Void> takeBack(Side side, GroupState claim, GroupState holds, Collection<String> members) {
        Database winner = sides.find(side.other()).orElseThrow();
        return RefusedRows.of((sql, values) -> winner.run(sql, values, true), members)
                .compose(refused -> SideSession.open(vertx, sides.find(side).orElseThrow(), TAKE_BACK)
                        .compose(session -> session.inTransaction(
                                        connection -> takeBack(connection, side, claim, holds, members, refused))
                                .eventually(session::close)));
    }

    private Future<Void> takeBack(
            SqlConnection connection,
            Side side,
            GroupState claim,
            GroupState holds,
            Collection<String> members,
            RefusedRows refused) {
        return StateRows.compareAndSet(SideSession.on(connection), claim.epoch(), holds)
                .compose(mine -> mine
                        ? fence.raise(connection, members, holds.authority())
                                .compose(raised ->
                                        connection.preparedQuery(NEW_TOKEN).execute(Tuple.of(holds.group())))
                                .compose(raised -> Unreplayed.list(
                                        SideSession.on(connection)::run, holds.group(), holds.epoch(), refused))
                                .compose(listed -> holds.fences(side)
                                        ? Future.succeededFuture()
                                        : fence.lower(connection, members))
                        : Future.<Void>succeededFuture());
    }

    /**
     * Has a side whose authority was on its way take writes again, unless somebody else has done so.
     *
     * @param leaving what it was read to say of itself. That is what is compared with: after a restore, the decision that the
     *     authority stays need not be the next one
     */
    Future<Void> takeWritesAgain(GroupState leaving, GroupState stays, Collection<String> members) {
        Side side = leaving.authority();
        return inSession(
                side,
                session -> session.inTransaction(connection -> StateRows.compareAndSet(
                                        SideSession.on(connection), leaving.epoch(), stays)
                                .compose(mine -> mine
                                        ? apply(connection, side, stays, members)
                                        : Future.<Void>succeededFuture()))
                        .compose(done -> session.withConnection(connection -> fence.clear(connection, members))
                                .otherwiseEmpty()));
    }

    /** Brings the fence of a side to what its row has just been made to say, in the same transaction. */
    Future<Void> apply(SqlConnection connection, Side side, GroupState state, Collection<String> members) {
        return state.fences(side)
                ? fence.raise(connection, members, state.authority())
                : raiseToken(connection, state).compose(raised -> fence.lower(connection, members));
    }

    /**
     * Has a connection learn what {@link #arrive} will ask, without changing anything.
     *
     * @return the locks that it will take
     */
    Future<String> rehearseArrival(SqlConnection connection, Collection<String> members) {
        return connection
                .preparedQuery(RAISE_TOKEN)
                .execute(Tuple.of(""))
                .compose(learned -> fence.rehearse(connection, members));
    }

    /**
     * Has a side take the writes, as its row has just been made to say, in the same transaction.
     *
     * @param hurried lowers the fence, because writes wait
     */
    static Future<Void> arrive(
            Fence hurried, SqlConnection connection, GroupState state, Collection<String> members, String lock) {
        // One behind the other on the wire. Both are waited for: nothing may be sent behind the end of the transaction.
        return Future.join(raiseToken(connection, state), hurried.lower(connection, members, lock))
                .mapEmpty();
    }

    private static Future<Void> raiseToken(SqlConnection connection, GroupState state) {
        Future<?> raised = connection.preparedQuery(RAISE_TOKEN).execute(Tuple.of(state.group()));
        // Where the other side is kept equal still, what was found equal stays so. It is sent at once, so that whoever
        // sends more comes behind both.
        Future<?> voided = state.stage().needsShadow()
                ? Future.succeededFuture()
                : connection.preparedQuery(VOID_FACTS).execute(Tuple.of(state.group()));
        return raised.compose(done -> voided).mapEmpty();
    }

    /** Drops lowered fences, at leisure. */
    Future<Void> clear(SideSession session, Collection<String> members) {
        return session.withConnection(connection -> fence.clear(connection, members));
    }

    /** Statements in transactions of their own, which change no fence. */
    Statements statements(Side side) {
        Database database = sides.find(side).orElseThrow();
        return (sql, values) -> database.run(sql, values, false);
    }

    private <T> Future<T> inSession(Side side, Function<SideSession, Future<T>> work) {
        Database database = sides.find(side).orElseThrow();
        return SideSession.open(vertx, database)
                .compose(session -> work.apply(session).eventually(session::close));
    }
}
