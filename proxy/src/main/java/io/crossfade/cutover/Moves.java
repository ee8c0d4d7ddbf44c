package io.crossfade.cutover;

import io.crossfade.cutover.Fences.TooLateException;
import io.crossfade.execution.Holds;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observer;
import io.crossfade.shadow.install.Fence;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import io.crossfade.state.StateRows;
import io.crossfade.state.StateRows.Statements;
import io.crossfade.state.States;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Decides about groups: a stage or share by one compare-and-set on the side that takes the writes, a new authority by the
 * whole procedure. And sees to it, always, that both sides agree with what any instance has decided.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class Moves {
    private static final long RECONCILE_MILLIS = 1_000;
    private static final long OTHER_SIDE_SECONDS = 10;
    private static final long CATCH_UP_SECONDS = 30;

    private final Vertx vertx;
    private final Sides sides;
    private final States states;
    private final Holds holds;
    private final Replication replication;
    private final Fences fences;
    private final Reconciler reconciler;
    private final long timer;

    private Moves(
            Vertx vertx,
            Sides sides,
            States states,
            Holds holds,
            Replication replication,
            Duration timeout,
            Observer observer) {
        this.vertx = vertx;
        this.sides = sides;
        this.states = states;
        this.holds = holds;
        this.replication = replication;
        this.fences = new Fences(new Fence(vertx));
        this.reconciler = new Reconciler(vertx, sides, states, fences, replication, timeout, observer);
        states.onChange(reconciler::reconcileAll);
        this.timer = vertx.setPeriodic(RECONCILE_MILLIS, tick -> reconciler.reconcileAll());
    }

    /**
     * Begins to bring both sides to one state.
     *
     * @param timeout how long an authority may be on its way before any instance takes the move back
     */
    public static Moves open(
            Vertx vertx,
            Sides sides,
            States states,
            Holds holds,
            Replication replication,
            Duration timeout,
            Observer observer) {
        return new Moves(vertx, sides, states, holds, replication, timeout, observer);
    }

    /** Stops. A move that is under way here is ended by another instance, or by this one when it is back. */
    public void close() {
        var unused = vertx.cancelTimer(timer);
    }

    /**
     * Brings a group to another state.
     *
     * @param from what the operator saw
     * @param next the state after it
     * @param onStep told the name of each step when it begins
     * @return fails with a {@link MoveException} where nothing was changed
     */
    public Future<MoveReport> move(BothRows from, GroupState next, Consumer<String> onStep) {
        GroupState holding = from.holding();
        if (holding.isMoving() || from.settled() == null && holding.epoch() > 0) {
            return Future.failedFuture(
                    new MoveException("The authority of " + from.group() + " is on its way; try again in a moment."));
        }
        Steps steps = new Steps(onStep);
        return (next.authority() == holding.authority()
                        ? change(from, holding, next, steps)
                        : moveAuthority(from, holding, next, steps))
                .recover(error -> Future.failedFuture(explained(from.group(), error)));
    }

    private Future<MoveReport> change(BothRows from, GroupState holding, GroupState next, Steps steps) {
        Database authority = database(holding.authority());
        Statements statements = (sql, values) -> authority.run(sql, values, false);
        Future<Boolean> decided = holding.epoch() == 0
                ? StateRows.create(statements, next)
                : StateRows.compareAndSet(statements, holding.epoch(), next);
        return steps.run("decide", () -> decided)
                .compose(stored -> stored
                        ? states.look(authority)
                        : Future.<Void>failedFuture(new TooLateException(from.group())))
                .compose(seen -> steps.run(
                        "agree",
                        () -> reconciler.reconcile(from.group()).timeout(OTHER_SIDE_SECONDS, TimeUnit.SECONDS)))
                .map(agreed -> new MoveReport(next, true, null, 0, steps.nanos()))
                .recover(error -> error instanceof TooLateException || !decided.succeeded()
                        ? Future.failedFuture(error)
                        : Future.succeededFuture(new MoveReport(
                                next,
                                true,
                                "The other side does not know of it yet and is told when it answers: "
                                        + error.getMessage(),
                                0,
                                steps.nanos())));
    }

    private Future<MoveReport> moveAuthority(BothRows from, GroupState holding, GroupState next, Steps steps) {
        Database here = database(holding.authority());
        Database there = database(next.authority());
        AuthorityMove move = new AuthorityMove(
                vertx,
                fences,
                replication,
                here,
                there,
                holding,
                next.at(holding.epoch() + 2),
                from.members(),
                steps);
        return reconciler.drive(
                from.group(),
                steps.run("prepare", () -> prepare(from, holding))
                        .compose(prepared -> SideSession.open(vertx, here))
                        .compose(atHere -> SideSession.open(vertx, there)
                                .compose(atThere -> held(from.group(), () -> move.run(atHere, atThere))
                                        .eventually(atThere::close))
                                .eventually(atHere::close))
                        .map(held -> new MoveReport(
                                held.state(),
                                held.state().authority() == next.authority(),
                                held.state().authority() == next.authority()
                                        ? null
                                        : held.state().reason(),
                                held.nanos(),
                                steps.nanos())));
    }

    /** Both rows equal, the journal nearly empty: what is left to do while writes wait is little. */
    private Future<Void> prepare(BothRows from, GroupState holding) {
        if (!from.agree()) {
            return Future.failedFuture(
                    new MoveException("Both sides do not know the same state of " + from.group() + " yet."));
        }
        return replication
                .follow(from.group(), from.members(), holding.authority())
                .compose(following -> replication.drained(from.group(), holding.authority()))
                .timeout(CATCH_UP_SECONDS, TimeUnit.SECONDS);
    }

    /** Writes wait from before the fence until this instance knows where they go. */
    private Future<Held> held(String group, java.util.function.Supplier<Future<GroupState>> work) {
        long start = System.nanoTime();
        holds.close(group);
        return work.get()
                .compose(state -> states.look().map(state))
                .onComplete(done -> holds.open(group))
                .map(state -> new Held(state, System.nanoTime() - start));
    }

    private Database database(Side side) {
        return sides.find(side)
                .orElseThrow(() -> new MoveException("There is no " + side.label() + " database."));
    }

    private static Throwable explained(String group, Throwable error) {
        if (error instanceof MoveException) {
            return error;
        }
        if (error instanceof TooLateException) {
            return new MoveException("Another operator was faster with " + group + ": look again, then repeat it.");
        }
        return new MoveException(group + " was not moved: " + error.getMessage(), error);
    }

    private record Held(GroupState state, long nanos) {}

    /** Nothing was changed; the message is a sentence for the operator. */
    public static final class MoveException extends RuntimeException {
        MoveException(String message) {
            super(message);
        }

        MoveException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
