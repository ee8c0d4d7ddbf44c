package io.crossfade.cutover;

import io.crossfade.agreement.Agreement;
import io.crossfade.agreement.AuthorityMove;
import io.crossfade.agreement.Destination;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation.AuthorityMoved;
import io.crossfade.observation.Observation.AuthorityStayed;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.shadow.install.Autovacuum;
import io.crossfade.shadow.replay.Sequences;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.work.RunningWork;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Drives the authority of one group to its other side. Every step before the commit on the other side can be taken back,
 * and is where one of them fails; after it there is nothing to take back.
 *
 * <p>Threads: any; nothing blocks.
 */
final class GroupMove {
    /** What may be left to replay before writes are held at all. */
    private static final Duration CATCH_UP = Duration.ofSeconds(30);

    private final Sides sides;
    private final Agreement agreement;
    private final Rollouts rollouts;
    private final Drain drain;
    private final CutoverSettings limits;
    private final Observer observer;
    private final Unmoved unmoved;

    GroupMove(
            Sides sides,
            Agreement agreement,
            Rollouts rollouts,
            Drain drain,
            CutoverSettings limits,
            Observer observer) {
        this.sides = sides;
        this.agreement = agreement;
        this.rollouts = rollouts;
        this.drain = drain;
        this.limits = limits;
        this.observer = observer;
        this.unmoved = new Unmoved(sides, agreement, limits);
    }

    /**
     * Moves it.
     *
     * @param to where it is to stand then, with the other side as its authority
     * @return how long writes were held, in nanoseconds; fails with a sentence for the operator, and then either nothing
     *     has changed or the sentence says what has
     */
    Future<Long> move(String group, Set<String> members, Destination to, By by, RunningWork work) {
        Side there = to.stage().authority();
        Side here = there.other();
        work.step(group + ": checking both sides");
        return agreement.prepareMove(group).compose(move -> {
            if (move.from() != here) {
                return move.close()
                        .compose(closed -> Future.failedFuture(new CutoverException(
                                "Group " + group + " is written on " + there.label() + " already.")));
            }
            if (to.stage() == Stage.LIVE && move.stage() != Stage.ROLLOUT) {
                // Whoever has taken it back while gates were looked at shall find it where they left it.
                return move.close()
                        .compose(closed -> Future.failedFuture(new CutoverException("Group " + group + " is in stage "
                                + move.stage().label() + " by now, so it was not moved: look again.")));
            }
            Quiet quiet = new Quiet(sides, agreement, group);
            return quiet.begin(members)
                    .compose(kept -> refuseWhoLasts(here, members))
                    .compose(free -> refuseWhoLasts(there, members))
                    .compose(free -> catchUp(group, here, members, by, work))
                    .compose(unmovable -> hold(move, group, members, to, by, unmovable, work))
                    .eventually(move::close)
                    .eventually(quiet::end);
        });
    }

    /** Answers with what is known to keep sequences from being moved: an operator has let that pass, or it is the way back. */
    private Future<List<String>> catchUp(String group, Side here, Set<String> members, By by, RunningWork work) {
        work.step(group + ": replaying what " + here.other().label() + " lacks");
        String gap = drain.gap(group);
        if (gap != null) {
            if (!by.overrides()) {
                return Future.failedFuture(new CutoverException("Group " + group + " was not moved: the "
                        + here.other().label() + " database may lack writes that were never captured, because "
                        + gap + ". Run './crossfade install', which compares the tables anew, and try again when "
                        + "'./crossfade status' shows no reason any more; or move it all the same with --override and a "
                        + "--reason, and what is missing stays missing."));
            }
            // Nobody shall say that nothing was lost.
            work.detail(gap);
            work.report(group + ".captureGap", gap);
        }
        return drain.refuseLetters(here.other(), members)
                .compose(none -> drain.caughtUp(group, here, CATCH_UP))
                // Most of them now, so that little is left while writes wait.
                .compose(caughtUp -> Sequences.follow(database(here), database(here.other()), group, 0))
                .map(followed -> {
                    if (!followed.problems().isEmpty()) {
                        work.report(group + ".sequences", String.join("; ", followed.problems()));
                    }
                    return followed.problems();
                });
    }

    /** One that could be moved a moment ago has to be moved now: numbers that were given out must not be given out again. */
    private Future<Void> raiseSequences(String group, Side here, List<String> unmovable) {
        return Sequences.follow(database(here), database(here.other()), group, 0)
                .compose(followed -> {
                    List<String> news = followed.problems().stream()
                            .filter(problem -> !unmovable.contains(problem))
                            .toList();
                    return news.isEmpty()
                            ? Future.succeededFuture()
                            : Future.failedFuture(new CutoverException(String.join("; ", news) + "."));
                });
    }

    private Future<Long> hold(
            AuthorityMove move,
            String group,
            Set<String> members,
            Destination to,
            By by,
            List<String> unmovable,
            RunningWork work) {
        Side here = move.from();
        long since = System.nanoTime();
        // Composed, so that whatever is thrown lets the writes go.
        return Future.<Void>succeededFuture()
                .compose(begun -> {
                    rollouts.hold(group);
                    work.step(group + ": fencing " + here.label());
                    return move.leave(by.operator(), by.reason());
                })
                .compose(
                        left -> left
                                ? afterLeaving(move, group, members, to, by, unmovable, work)
                                : unmoved.beaten(move, group),
                        error -> unmoved.takeBack(move, group, unmoved.describe(here, members, error)))
                .eventually(() -> {
                    rollouts.release(group);
                    return Future.succeededFuture();
                })
                .map(moved -> System.nanoTime() - since)
                .onSuccess(nanos -> observer.observe(new AuthorityMoved(group, here.other(), nanos)))
                .onFailure(error ->
                        observer.observe(new AuthorityStayed(group, here, String.valueOf(error.getMessage()))));
    }

    private Future<Void> afterLeaving(
            AuthorityMove move,
            String group,
            Set<String> members,
            Destination to,
            By by,
            List<String> unmovable,
            RunningWork work) {
        Side here = move.from();
        Side there = here.other();
        work.step(group + ": replaying the rest");
        // No number is given out on A any more, so its sequences need not wait for its journal.
        Future<Void> sequences = raiseSequences(group, here, unmovable);
        Future<Void> drained = drain.empty(
                group, here, members, System.nanoTime() + limits.driverLimit().toNanos(), move::isEnded);
        return Future.all(drained, sequences)
                .compose(raised -> {
                    work.step(group + ": giving the writes to " + there.label());
                    return move.arrive(to, by.operator(), by.reason());
                })
                .compose(arrived ->
                        arrived ? Future.<Void>succeededFuture() : Future.failedFuture(new StoppedException()))
                .recover(error -> unmoved.takeBack(move, group, unmoved.describe(there, members, error)));
    }

    private Future<Void> refuseWhoLasts(Side side, Set<String> members) {
        return InTheWay.lasting(database(side), members)
                .compose(found -> found == null
                        ? Future.succeededFuture()
                        : Future.failedFuture(new CutoverException("On " + side.label()
                                + " somebody holds the tables for longer than writes could wait: " + found
                                + ". End it, or wait for it, and try again.")));
    }

    /** What an instance that died has kept away comes back. */
    void wakeForgotten() {
        for (Side side : Side.values()) {
            // A side that is away is looked after when it is back.
            var unused = Autovacuum.wakeForgotten(Quiet.runner(sides, side)).otherwiseEmpty();
        }
    }

    private Database database(Side side) {
        return sides.find(side).orElseThrow();
    }
}
