package io.crossfade.cutover;

import io.crossfade.agreement.Destination;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.state.BothRows;
import io.crossfade.work.RunningWork;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;

/** Gives the writes of one group to the target, asks whether the application gets what it needs there, and else goes back. */
final class Advance {
    private static final Duration FOLLOWED = Duration.ofSeconds(30);

    private final GroupMove move;
    private final Drain drain;
    private final Function<String, Future<Void>> smoke;
    private final CutoverSettings limits;

    Advance(GroupMove move, Drain drain, Function<String, Future<Void>> smoke, CutoverSettings limits) {
        this.move = move;
        this.drain = drain;
        this.smoke = smoke;
        this.limits = limits;
    }

    /** Cutover of a group that stands in stage {@code rollout}. */
    Future<Void> cutover(BothRows rows, By by, RunningWork work) {
        String group = rows.group();
        return move.move(group, rows.members(), Destination.of(Stage.LIVE), by, work)
                .onSuccess(nanos -> work.report(group + ".holdMillis", nanos / 1_000_000.0))
                .compose(nanos -> smokeTests(group, work))
                .recover(error -> error instanceof SmokeTestException failed
                        ? back(rows, failed, work)
                        : Future.failedFuture(error))
                .compose(passed -> followed(group, work));
    }

    /** There and back, under whatever load there is. */
    Future<Void> rehearse(BothRows rows, By by, RunningWork work) {
        String group = rows.group();
        return move.move(group, rows.members(), Destination.of(Stage.LIVE), by, work)
                .onSuccess(nanos -> work.report(group + ".cutoverHoldMillis", nanos / 1_000_000.0))
                .compose(nanos -> followed(group, work))
                .compose(followed -> move.move(
                        group,
                        rows.members(),
                        Destination.of(rows.holding()),
                        new By(by.operator(), by.reason(), true),
                        work))
                .onSuccess(nanos -> {
                    work.report(group + ".rollbackHoldMillis", nanos / 1_000_000.0);
                    // Neither move would have happened with an entry left in the journal.
                    if (drain.gap(group) == null) {
                        work.report(group + ".rowsLost", 0);
                    }
                })
                .mapEmpty();
    }

    private Future<Void> smokeTests(String group, RunningWork work) {
        Future<Void> passed = Future.succeededFuture();
        for (String path : limits.smokeTests()) {
            passed = passed.compose(before -> {
                work.step(group + ": asking " + path);
                return smoke.apply(path).recover(error -> Future.failedFuture(new SmokeTestException(path, error)));
            });
        }
        return passed;
    }

    private Future<Void> back(BothRows rows, SmokeTestException failed, RunningWork work) {
        work.detail(failed.getMessage());
        return move.move(
                        rows.group(),
                        rows.members(),
                        Destination.of(rows.holding()),
                        // Whatever was overridden on the way there must not keep it from coming back.
                        new By("crossfade", failed.getMessage(), true),
                        work)
                .compose(back -> Future.failedFuture(
                        new CutoverException(failed.getMessage() + " The writes are back on legacy.")));
    }

    /** Until then a rollback would take its time, but nothing would be lost. */
    private Future<Void> followed(String group, RunningWork work) {
        work.step(group + ": legacy follows");
        return drain.caughtUp(group, Side.TARGET, FOLLOWED).recover(error -> {
            work.detail(String.valueOf(error.getMessage()));
            return Future.succeededFuture();
        });
    }

    /** A call that the application needs did not work on the target. */
    private static final class SmokeTestException extends RuntimeException {
        SmokeTestException(String path, Throwable cause) {
            super("The smoke test " + path + " failed: " + cause.getMessage() + ".", null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
