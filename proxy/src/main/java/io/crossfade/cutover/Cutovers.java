package io.crossfade.cutover;

import io.crossfade.agreement.Agreement;
import io.crossfade.cutover.Begun.Refused;
import io.crossfade.cutover.Begun.Stale;
import io.crossfade.cutover.Begun.Started;
import io.crossfade.cutover.Begun.UnknownRepository;
import io.crossfade.gates.Gates;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.shadow.Shadowing;
import io.crossfade.sides.Sides;
import io.crossfade.state.BothRows;
import io.crossfade.work.RunningWork;
import io.crossfade.work.Works;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Cutover, rollback and rehearsal. Groups move one after the other, so that the writes of each wait for its own move
 * alone; what has moved stays moved where a later one does not. A rollback that is asked for ends a cutover before its next
 * group.
 *
 * <p>Threads: any; nothing blocks. What is asked of this instance is done in turn; what others do meanwhile is seen by the
 * epochs.
 */
public final class Cutovers {
    private static final long WAKE_MILLIS = 30_000;
    private static final long CLOSE_SECONDS = 2;
    private static final String ROLLED_BACK = "Rolled back.";

    private final Vertx vertx;
    private final long timer;
    private final Rollouts rollouts;
    private final Works works;
    private final Advance advance;
    private final Retreat retreat;
    private final ForcedRollback forced;
    private final BehindGates gates;
    private final AtomicInteger rollbacks = new AtomicInteger();
    private Future<Void> last = Future.succeededFuture();

    /**
     * Ready for both; from now on looks after what a move that died may have left.
     *
     * @param gates what has to be green before a group goes live
     * @param smoke asks a path of the front door as the application would; fails with a reason where that does not work
     */
    public Cutovers(
            Vertx vertx,
            Sides sides,
            Agreement agreement,
            Rollouts rollouts,
            Shadowing shadowing,
            Gates gates,
            Function<String, Future<Void>> smoke,
            CutoverSettings limits,
            Works works,
            AtRisk atRisk,
            Observer observer) {
        Drain drain = new Drain(vertx, sides, shadowing);
        GroupMove move = new GroupMove(sides, agreement, rollouts, drain, limits, observer);
        this.rollouts = rollouts;
        this.works = works;
        this.advance = new Advance(move, drain, smoke, limits);
        this.retreat = new Retreat(vertx, agreement, rollouts, move, drain, limits);
        this.forced = new ForcedRollback(sides, agreement, rollouts, atRisk, observer);
        this.gates = new BehindGates(vertx, gates);
        this.vertx = vertx;
        this.timer = vertx.setPeriodic(WAKE_MILLIS, tick -> move.wakeForgotten());
    }

    /** Looks after nothing any more, and waits a moment for what is under way: the other instances bring the rest to its end. */
    public synchronized Future<Void> close() {
        vertx.cancelTimer(timer);
        return last.timeout(CLOSE_SECONDS, TimeUnit.SECONDS).otherwiseEmpty();
    }

    /**
     * Gives the writes of groups to the target.
     *
     * @param repositories whose groups; empty for all groups in stage {@code rollout}
     * @param expectedEpoch the epoch that the operator saw; empty to move whatever stands
     * @return completes as soon as the work has begun, or cannot; never fails
     */
    public Future<Begun> cutover(Set<String> repositories, OptionalLong expectedEpoch, By by) {
        return forward("cutover", repositories, expectedEpoch, by, advance::cutover);
    }

    /** Cutover and rollback of groups in stage {@code rollout}, under whatever load there is, with a report. */
    public Future<Begun> rehearse(Set<String> repositories, OptionalLong expectedEpoch, By by) {
        return forward("rehearse", repositories, expectedEpoch, by, advance::rehearse);
    }

    /**
     * Moves groups backward: reads at once, and the writes of those that are live in turn.
     *
     * @param repositories whose groups; empty for all that stand beyond {@code to}
     * @param to {@code shadow} or a stage before it
     */
    public Begun rollback(Set<String> repositories, Stage to, By by) {
        if (to.isBeyond(Stage.SHADOW)) {
            return new Refused("a rollback ends in stage shadow or before it");
        }
        Set<String> unknown = unknown(repositories);
        if (!unknown.isEmpty()) {
            return new UnknownRepository(unknown.iterator().next());
        }
        Map<String, BothRows> groups = groups(repositories);
        groups.values().removeIf(rows -> !rows.holding().stage().isBeyond(to));
        if (groups.isEmpty()) {
            return new Refused("nothing stands beyond stage " + to.label());
        }
        rollbacks.incrementAndGet();
        RunningWork work = works.begin("rollback", groups.keySet(), by.operator());
        // Now, whatever else is under way; what that cannot do is done in turn.
        List<Future<Boolean>> atOnce = groups.keySet().stream()
                .map(group -> retreat.atOnce(group, to, by, work))
                .toList();
        Future.join(atOnce).onComplete(done -> {
            if (atOnce.stream().allMatch(one -> one.succeeded() && one.result())) {
                work.done(ROLLED_BACK);
            } else {
                inTurn(
                        work,
                        ROLLED_BACK,
                        () -> eachWhateverBecomesOfOthers(
                                groups.keySet(), rows -> retreat.back(rows.group(), to, by, work)));
            }
        });
        return new Started(work.now());
    }

    /**
     * Takes the writes of groups back to legacy although the target does not answer: at once, whatever else is under way, and
     * at the price of what legacy lacks. The report of the work says how much that may be, as {@code GROUP.rowsAtRisk}.
     *
     * @param repositories whose groups; empty for all whose writes are not on legacy
     */
    public Begun force(Set<String> repositories, By by) {
        Set<String> unknown = unknown(repositories);
        if (!unknown.isEmpty()) {
            return new UnknownRepository(unknown.iterator().next());
        }
        Map<String, BothRows> groups = groups(repositories);
        groups.values().removeIf(rows -> !ForcedRollback.isPossible(rows));
        if (groups.isEmpty()) {
            return new Refused("every one of these groups is written on legacy already");
        }
        rollbacks.incrementAndGet();
        RunningWork work = works.begin("force", groups.keySet(), by.operator());
        finish(forced.force(groups.values(), by, work), work, "Legacy takes the writes.");
        return new Started(work.now());
    }

    private Future<Begun> forward(
            String kind, Set<String> repositories, OptionalLong expectedEpoch, By by, OneGroup one) {
        long epoch = rollouts.current().epoch();
        if (expectedEpoch.isPresent() && expectedEpoch.getAsLong() != epoch) {
            return Future.succeededFuture(new Stale(expectedEpoch.getAsLong(), epoch));
        }
        Set<String> unknown = unknown(repositories);
        if (!unknown.isEmpty()) {
            return Future.succeededFuture(
                    new UnknownRepository(unknown.iterator().next()));
        }
        Map<String, BothRows> groups = groups(repositories);
        if (repositories.isEmpty()) {
            groups.values().removeIf(rows -> !isReady(rows));
        }
        List<String> others = groups.values().stream()
                .filter(rows -> !isReady(rows))
                .map(rows -> rows.group() + " is in " + rows.holding().stage().label())
                .toList();
        if (groups.isEmpty() || !others.isEmpty()) {
            return Future.succeededFuture(new Refused("only a group in stage rollout can go live"
                    + (others.isEmpty() ? ", and there is none" : ", and " + String.join(", ", others))));
        }
        return gates.passage(groups.values(), by).map(passage -> {
            if (passage.isRefused()) {
                return new Refused(passage.refusal());
            }
            RunningWork work = works.begin(kind, groups.keySet(), by.operator());
            int before = rollbacks.get();
            inTurn(
                    work,
                    "Done.",
                    () -> eachNow(groups.keySet(), rows -> {
                        if (rollbacks.get() != before) {
                            return Future.failedFuture(new CutoverException("A rollback was asked for meanwhile."));
                        }
                        return isReady(rows)
                                ? gates.through(rows, by, who -> one.move(rows, who, work))
                                : Future.failedFuture(new CutoverException("Group " + rows.group() + " was moved to "
                                        + rows.holding().stage().label() + " meanwhile."));
                    }));
            return new Started(work.now());
        });
    }

    private static boolean isReady(BothRows rows) {
        return rows.holding().stage() == Stage.ROLLOUT;
    }

    private Set<String> unknown(Set<String> repositories) {
        Set<String> unknown = new TreeSet<>(repositories);
        unknown.removeAll(rollouts.names());
        return unknown;
    }

    /** Of these repositories, or of all. */
    private Map<String, BothRows> groups(Set<String> repositories) {
        Map<String, BothRows> groups = new TreeMap<>();
        for (String name : repositories.isEmpty() ? rollouts.names() : repositories) {
            BothRows rows = rollouts.standing(name);
            groups.put(rows.group(), rows);
        }
        return groups;
    }

    /** As they stand when it is their turn. */
    private Future<Void> eachNow(Set<String> groups, Function<BothRows, Future<Void>> work) {
        Future<Void> done = Future.succeededFuture();
        for (String group : new TreeSet<>(groups)) {
            done = done.compose(before -> work.apply(rollouts.standing(rollouts.memberOf(group))));
        }
        return done;
    }

    /** The same, and one that cannot keeps none of the others from it: it is told at the end. */
    private Future<Void> eachWhateverBecomesOfOthers(Set<String> groups, Function<BothRows, Future<Void>> work) {
        List<String> problems = new ArrayList<>();
        Future<Void> done = Future.succeededFuture();
        for (String group : new TreeSet<>(groups)) {
            done = done.compose(before -> work.apply(rollouts.standing(rollouts.memberOf(group))))
                    .recover(error -> {
                        problems.add(String.valueOf(error.getMessage()));
                        return Future.succeededFuture();
                    });
        }
        return done.compose(all -> problems.isEmpty()
                ? Future.succeededFuture()
                : Future.failedFuture(new CutoverException(String.join(" ", problems))));
    }

    private synchronized void inTurn(RunningWork work, String outcome, Supplier<Future<Void>> begin) {
        Future<Void> mine = last.transform(before -> begin.get());
        last = mine;
        finish(mine, work, outcome);
    }

    private static void finish(Future<Void> done, RunningWork work, String outcome) {
        done.onSuccess(well -> work.done(outcome)).onFailure(error -> work.failed(String.valueOf(error.getMessage())));
    }

    @FunctionalInterface
    private interface OneGroup {
        Future<Void> move(BothRows rows, By by, RunningWork work);
    }
}
