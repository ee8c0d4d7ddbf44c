package io.crossfade.cutover;

import io.crossfade.agreement.Destination;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Change;
import io.crossfade.rollout.ChangeResult;
import io.crossfade.rollout.ChangeResult.Changed;
import io.crossfade.rollout.ChangeResult.Refused;
import io.crossfade.rollout.Rollouts;
import io.crossfade.state.BothRows;
import io.crossfade.work.RunningWork;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.OptionalLong;

/** Brings one group back to a stage whose authority is legacy, from wherever it stands. Threads: any. */
final class Retreat {
    /** A group that was complete may have a journal of days. */
    private static final Duration LONG_CATCH_UP = Duration.ofMinutes(30);

    private final Rollouts rollouts;
    private final GroupMove move;
    private final Drain drain;

    Retreat(Rollouts rollouts, GroupMove move, Drain drain) {
        this.rollouts = rollouts;
        this.move = move;
        this.drain = drain;
    }

    /** Whether nothing but reads has to go back, which one change does. */
    static boolean isOfReadsAlone(BothRows rows) {
        return rows.holding().stage().authority() == Side.LEGACY && rows.leaving() == null;
    }

    /** Brings it there; at once where it stands there or before. */
    Future<Void> back(BothRows rows, Stage to, By by, RunningWork work) {
        Stage from = rows.holding().stage();
        String group = rows.group();
        if (!from.isBeyond(to)) {
            return Future.succeededFuture();
        }
        if (from.authority() == Side.LEGACY) {
            work.step(group + ": reads go back");
            return change(group, to, by);
        }
        Future<Void> shadowed = from == Stage.LIVE ? Future.succeededFuture() : shadowAgain(group, by, work);
        return shadowed.compose(done -> move.move(group, rows.members(), Destination.of(Stage.SHADOW), by, work))
                .compose(nanos -> {
                    work.report(group + ".holdMillis", nanos / 1_000_000.0);
                    return to == Stage.SHADOW ? Future.succeededFuture() : change(group, to, by);
                });
    }

    /** Legacy has not been written to since: it has to get everything first. */
    private Future<Void> shadowAgain(String group, By by, RunningWork work) {
        work.step(group + ": bringing legacy up to date");
        return change(group, Stage.LIVE, by).compose(live -> drain.caughtUp(group, Side.TARGET, LONG_CATCH_UP));
    }

    private Future<Void> change(String group, Stage to, By by) {
        String repository = rollouts.memberOf(group);
        return rollouts.change(repository, Change.toStage(to), OptionalLong.empty(), by)
                .compose(Retreat::changedOrFail);
    }

    private static Future<Void> changedOrFail(ChangeResult result) {
        if (result instanceof Changed) {
            return Future.succeededFuture();
        }
        return Future.failedFuture(new CutoverException(
                result instanceof Refused refused
                        ? refused.reason()
                        : "Somebody else has changed it meanwhile: look again."));
    }
}
