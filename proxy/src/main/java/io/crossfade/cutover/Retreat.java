package io.crossfade.cutover;

import io.crossfade.agreement.Agreement;
import io.crossfade.agreement.Destination;
import io.crossfade.agreement.UnsettledException;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Change;
import io.crossfade.rollout.ChangeResult;
import io.crossfade.rollout.ChangeResult.Changed;
import io.crossfade.rollout.ChangeResult.Refused;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import io.crossfade.work.RunningWork;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Brings one group back to a stage whose authority is legacy, from wherever it stands. A move to the target that is under
 * way, whoever drives it, does not get in the way of that: it is stopped, or undone where it has arrived already.
 *
 * <p>Threads: any.
 */
final class Retreat {
    /** A group that was complete may have a journal of days. */
    private static final Duration LONG_CATCH_UP = Duration.ofMinutes(30);

    private static final long LOOK_AGAIN_MILLIS = 50;

    private final Vertx vertx;
    private final Agreement agreement;
    private final Rollouts rollouts;
    private final GroupMove move;
    private final Drain drain;
    private final CutoverSettings limits;

    Retreat(Vertx vertx, Agreement agreement, Rollouts rollouts, GroupMove move, Drain drain, CutoverSettings limits) {
        this.vertx = vertx;
        this.agreement = agreement;
        this.rollouts = rollouts;
        this.move = move;
        this.drain = drain;
        this.limits = limits;
    }

    /**
     * What needs no move of the authority, which is done whatever else is under way: reads go back, and a move to the target
     * that has not arrived is stopped.
     *
     * @return whether the group is back by that; otherwise its writes have to be moved, by {@link #back}
     */
    Future<Boolean> atOnce(String group, Stage to, By by, RunningWork work) {
        return atOnce(group, to, by, work, deadline());
    }

    private Future<Boolean> atOnce(String group, Stage to, By by, RunningWork work, long deadline) {
        BothRows rows = standing(group);
        GroupState leaving = rows.leaving();
        if (!rows.holding().stage().isBeyond(to)) {
            return Future.succeededFuture(true);
        }
        if (leaving != null && leaving.authority() == Side.LEGACY) {
            return stop(leaving, by, work).compose(stays -> {
                // The target says so by its own row now, or will at the next look.
                if (!stays) {
                    return Future.succeededFuture(false);
                }
                return isLate(deadline)
                        ? Future.failedFuture(new UnsettledException(rows))
                        : atOnce(group, to, by, work, deadline);
            });
        }
        if (leaving != null || rows.holding().stage().authority() != Side.LEGACY) {
            return Future.succeededFuture(false);
        }
        work.step(group + ": reads go back");
        return change(group, to, by).compose(result -> {
            if (result instanceof Changed) {
                return Future.succeededFuture(true);
            }
            // Somebody was faster, perhaps by beginning to move it: that must not keep it from going back.
            return isLate(deadline)
                    ? Future.failedFuture(refusal(result))
                    : agreement
                            .look(group)
                            .compose(seen -> isAsBefore(rows, seen)
                                    ? Future.failedFuture(refusal(result))
                                    : atOnce(group, to, by, work, deadline));
        });
    }

    private static boolean isAsBefore(BothRows before, BothRows now) {
        return now.holding().epoch() == before.holding().epoch() && now.leaving() == null;
    }

    /** Whether the writes stay on legacy by that. */
    private Future<Boolean> stop(GroupState leaving, By by, RunningWork work) {
        String group = leaving.group();
        work.step(group + ": stopping the move to target");
        return agreement
                .stop(leaving, by.operator(), by.reason().isBlank() ? "a rollback was asked for" : by.reason())
                .timeout(limits.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .recover(error -> Future.failedFuture(new CutoverException("It is not known yet whether group " + group
                        + " has moved to the target, because a database does not answer. Its writes wait until it does,"
                        + " and every proxy tries; where the target is lost, roll back with force.")))
                .map(outcome -> {
                    boolean stays = outcome.authority() == Side.LEGACY;
                    work.detail(
                            stays
                                    ? "it had not moved yet: the writes stay on legacy"
                                    : "it has moved already: the writes have to come back");
                    return stays;
                });
    }

    /** Brings it there; at once where it stands there or before. Waits for whoever moves it now, for a while. */
    Future<Void> back(String group, Stage to, By by, RunningWork work) {
        return back(group, to, by, work, deadline());
    }

    private Future<Void> back(String group, Stage to, By by, RunningWork work, long deadline) {
        return atOnce(group, to, by, work, deadline)
                .compose(all -> all ? Future.succeededFuture() : moveBack(group, to, by, work))
                .recover(error -> error instanceof UnsettledException && !isLate(deadline)
                        ? vertx.timer(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(later -> agreement.look(group).otherwiseEmpty())
                                .compose(seen -> back(group, to, by, work, deadline))
                        : Future.failedFuture(error));
    }

    private Future<Void> moveBack(String group, Stage to, By by, RunningWork work) {
        BothRows rows = standing(group);
        if (rows.settled() == null) {
            work.step(group + ": waiting for the move that is under way");
            return Future.failedFuture(new UnsettledException(rows));
        }
        Future<Void> shadowed =
                rows.holding().stage() == Stage.COMPLETE ? shadowAgain(group, by, work) : Future.succeededFuture();
        return shadowed.compose(done -> move.move(group, rows.members(), Destination.of(Stage.SHADOW), by, work))
                .compose(nanos -> {
                    work.report(group + ".holdMillis", nanos / 1_000_000.0);
                    return to == Stage.SHADOW ? Future.succeededFuture() : changed(group, to, by);
                });
    }

    /** Legacy has not been written to since: it has to get everything first. */
    private Future<Void> shadowAgain(String group, By by, RunningWork work) {
        work.step(group + ": bringing legacy up to date");
        return changed(group, Stage.LIVE, by).compose(live -> drain.caughtUp(group, Side.TARGET, LONG_CATCH_UP));
    }

    private Future<Void> changed(String group, Stage to, By by) {
        return change(group, to, by)
                .compose(result ->
                        result instanceof Changed ? Future.succeededFuture() : Future.failedFuture(refusal(result)));
    }

    private Future<ChangeResult> change(String group, Stage to, By by) {
        return rollouts.change(rollouts.memberOf(group), Change.toStage(to), OptionalLong.empty(), by);
    }

    private BothRows standing(String group) {
        return rollouts.standing(rollouts.memberOf(group));
    }

    private long deadline() {
        return System.nanoTime() + limits.timeout().toNanos();
    }

    private static boolean isLate(long deadline) {
        return System.nanoTime() - deadline >= 0;
    }

    private static CutoverException refusal(ChangeResult result) {
        return new CutoverException(
                result instanceof Refused refused
                        ? refused.reason()
                        : "Somebody else has changed it meanwhile: look again.");
    }
}
