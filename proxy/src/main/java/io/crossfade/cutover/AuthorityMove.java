package io.crossfade.cutover;

import io.crossfade.cutover.SideSession.UnknownOutcomeException;
import io.crossfade.migration.Side;
import io.crossfade.shadow.replay.Sequences;
import io.crossfade.sides.Database;
import io.crossfade.state.GroupState;
import io.crossfade.state.StateRows;
import io.crossfade.state.StateRows.Statements;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Moves the authority of one group from one side to the other: fence, drain, sequences, and the one commit on the side
 * that it moves to, which is the truth. Cutover and rollback are the same with the sides exchanged.
 *
 * <p>It may die at any instruction. Before that commit nothing has moved, and whoever finds the state on its way takes it
 * back by deciding so on the same row; after it everything has, and whoever finds a side behind brings it along.
 */
final class AuthorityMove {
    private static final String NO_ENTRIES = """
            SELECT NOT EXISTS (SELECT FROM crossfade.journal AS j JOIN crossfade.repository AS r ON r.id = j.repository
                               WHERE r.group_name = $1)""";

    private static final long DRAIN_SECONDS = 5;
    private static final long FENCE_SECONDS = 2;
    private static final int MOST_LOOKS = 20;
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final Vertx vertx;
    private final Fences fences;
    private final Replication replication;
    private final Database from;
    private final Database to;
    private final GroupState holding;
    private final GroupState arriving;
    private final Set<String> members;
    private final Steps steps;

    /** @param arriving what is to hold when the authority has moved; its epoch is two above the present one */
    AuthorityMove(
            Vertx vertx,
            Fences fences,
            Replication replication,
            Database from,
            Database to,
            GroupState holding,
            GroupState arriving,
            Set<String> members,
            Steps steps) {
        this.vertx = vertx;
        this.fences = fences;
        this.replication = replication;
        this.from = from;
        this.to = to;
        this.holding = holding;
        this.arriving = arriving;
        this.members = members;
        this.steps = steps;
    }

    /**
     * Does all of it between fence and commit; both state rows have to be equal before.
     *
     * @return what the row of the side that it moves to says afterwards: the authority arrived, or it stays; fails where
     *     nothing was begun, where it is not known whether it was, or where that side cannot be asked: then the state on the
     *     rows is taken up by whoever sees it
     */
    Future<GroupState> run(SideSession atFrom, SideSession atTo) {
        GroupState onItsWay = holding.moving(arriving.changedBy(), arriving.reason());
        return steps.run("fence " + from.side().label(), () -> fence(atFrom, onItsWay))
                .compose(fenced -> arrive(atTo).recover(error -> settle(onItsWay, error)));
    }

    private Future<Void> fence(SideSession atFrom, GroupState onItsWay) {
        return fences.decide(atFrom, holding.epoch(), onItsWay, members).timeout(FENCE_SECONDS, TimeUnit.SECONDS);
    }

    private Future<GroupState> arrive(SideSession atTo) {
        return steps.run("drain", this::drain)
                .compose(drained -> steps.run("sequences", () -> Sequences.raise(from, to, holding.group(), 0)))
                .compose(raised -> steps.run(
                        "move to " + to.side().label(),
                        () -> fences.decide(atTo, holding.epoch(), arriving, members)))
                .map(arrived -> arriving);
    }

    /** Nobody writes there any more, so what is in the journal now is all that there will be. */
    private Future<Void> drain() {
        return replication
                .drained(holding.group(), from.side())
                .timeout(DRAIN_SECONDS, TimeUnit.SECONDS)
                .compose(drained -> from.run(NO_ENTRIES, io.vertx.sqlclient.Tuple.of(holding.group()), true))
                .compose(rows -> rows.iterator().next().getBoolean(0)
                        ? Future.succeededFuture()
                        : Future.failedFuture("the journal of " + from.side().label() + " is not empty"));
    }

    /** After a failure the row of the side that it moves to says what holds; where it says nothing yet, it stays. */
    private Future<GroupState> settle(GroupState onItsWay, Throwable error) {
        return decided(MOST_LOOKS)
                .compose(there -> there.epoch() > onItsWay.epoch()
                        ? Future.succeededFuture(there)
                        : stay(onItsWay, there.epoch(), error));
    }

    private Future<GroupState> stay(GroupState onItsWay, long epoch, Throwable error) {
        GroupState stays = onItsWay.changedTo(
                holding.stage(),
                holding.rollout(),
                holding.rolloutByOperation(),
                "crossfade",
                "the move to " + to.side().label() + " was taken back: " + reason(error));
        return SideSession.open(vertx, to)
                .compose(session ->
                        fences.decide(session, epoch, stays, members).eventually(session::close))
                .map(decided -> stays)
                .recover(again -> decided(MOST_LOOKS).compose(there -> there.epoch() > onItsWay.epoch()
                        ? Future.succeededFuture(there)
                        : Future.failedFuture(again)));
    }

    private Future<GroupState> decided(int looks) {
        Statements statements = (sql, values) -> to.run(sql, values, true);
        return StateRows.read(statements)
                .map(view -> Objects.requireNonNull(view.states().get(holding.group())))
                .recover(error -> looks == 0
                        ? Future.failedFuture(error)
                        : vertx.timer(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(waited -> decided(looks - 1)));
    }

    private static String reason(Throwable error) {
        return error instanceof UnknownOutcomeException || error.getMessage() == null
                ? "the outcome was not known in time"
                : error.getMessage();
    }

    /** Which side takes the writes when it has arrived. */
    Side destination() {
        return to.side();
    }
}
