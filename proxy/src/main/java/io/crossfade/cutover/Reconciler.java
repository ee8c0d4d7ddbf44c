package io.crossfade.cutover;

import io.crossfade.cutover.Fences.TooLateException;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import io.crossfade.state.States;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Brings both sides to what was decided: copies a state to the side that lags, with its fence, has the group replayed in
 * the right direction, and takes up a move whose driver is gone. Every instance runs one; whoever comes second finds
 * nothing to do.
 *
 * <p>Threads: any; nothing blocks. The steps of one group wait for each other.
 */
final class Reconciler {
    private final Vertx vertx;
    private final Sides sides;
    private final States states;
    private final Fences fences;
    private final Replication replication;
    private final Duration timeout;
    private final Observer observer;
    private final Map<String, Future<Void>> last = new ConcurrentHashMap<>();
    private final Map<String, Moving> moving = new ConcurrentHashMap<>();
    private final Set<String> driven = ConcurrentHashMap.newKeySet();
    private final Map<String, String> problems = new ConcurrentHashMap<>();

    Reconciler(
            Vertx vertx,
            Sides sides,
            States states,
            Fences fences,
            Replication replication,
            Duration timeout,
            Observer observer) {
        this.vertx = vertx;
        this.sides = sides;
        this.states = states;
        this.fences = fences;
        this.replication = replication;
        this.timeout = timeout;
        this.observer = observer;
    }

    /** Takes up everything that is known; to be called after every change and each second. */
    void reconcileAll() {
        states.current().keySet().forEach(group -> {
            if (!driven.contains(group) && isDone(group)) {
                reconcile(group).onSuccess(done -> problems.remove(group)).onFailure(error -> report(group, error));
            }
        });
    }

    /** Brings both sides of one group to what holds; fails where a side does not answer. */
    Future<Void> reconcile(String group) {
        return last.compute(group, (name, before) -> {
            Future<Void> earlier = before == null ? Future.succeededFuture() : before.otherwiseEmpty();
            return earlier.compose(done -> reconcileNow(name));
        });
    }

    /** Leaves the group to a driver on this instance until the result completes. */
    <T> Future<T> drive(String group, Future<T> drive) {
        driven.add(group);
        return drive.onComplete(done -> driven.remove(group));
    }

    private boolean isDone(String group) {
        Future<Void> running = last.get(group);
        return running == null || running.isComplete();
    }

    private Future<Void> reconcileNow(String group) {
        BothRows rows = states.of(group);
        if (rows == null) {
            return replication.stop(group);
        }
        GroupState settled = rows.settled();
        if (settled != null) {
            moving.remove(group);
            return agree(rows, settled);
        }
        GroupState onItsWay = rows.onItsWay();
        return onItsWay == null ? replication.stop(group) : carryOn(rows, onItsWay);
    }

    /** Brings the other side to what the authority says, and has it replayed from there. */
    private Future<Void> agree(BothRows rows, GroupState settled) {
        Side other = settled.authority().other();
        GroupState there = rows.of(other);
        Future<Void> followed =
                there != null && there.epoch() >= settled.epoch() ? Future.succeededFuture() : follow(other, settled, rows);
        return followed.compose(
                agreed -> settled.stage().needsShadow()
                        ? replication.follow(rows.group(), rows.members(), settled.authority())
                        : replication.stop(rows.group()));
    }

    private Future<Void> follow(Side side, GroupState settled, BothRows rows) {
        if (settled.epoch() == 0) {
            return Future.succeededFuture();
        }
        return inSession(
                side,
                session -> fences.follow(session, settled, rows.members())
                        .compose(followed -> settled.fences(side)
                                ? Future.succeededFuture()
                                : fences.clear(session, rows.members()).otherwiseEmpty()));
    }

    /** The authority is on its way: its drain goes on, and after a while somebody has to end it. */
    private Future<Void> carryOn(BothRows rows, GroupState onItsWay) {
        Side from = onItsWay.authority();
        GroupState there = rows.of(from.other());
        if (there != null && there.epoch() > onItsWay.epoch()) {
            // It was decided over there that the authority stays, and nothing else can be decided any more.
            return inSession(from, session -> fences.decide(session, onItsWay.epoch(), there, rows.members()));
        }
        return replication
                .follow(rows.group(), rows.members(), from)
                .compose(replaying -> isOverdue(onItsWay) ? takeBack(rows, onItsWay) : Future.succeededFuture());
    }

    /**
     * Decides on the side that it was to move to that the authority stays. The row that is on its way was read, so that
     * side's row is all that is left to decide on; its lock waits for a commit that may still come.
     */
    private Future<Void> takeBack(BothRows rows, GroupState onItsWay) {
        Side to = onItsWay.authority().other();
        GroupState there = rows.of(to);
        GroupState stays = onItsWay.changedTo(
                onItsWay.stage(),
                onItsWay.rollout(),
                onItsWay.rolloutByOperation(),
                "crossfade",
                "the move took longer than " + timeout.toMillis() + " ms and was taken back");
        return inSession(
                        to,
                        session -> fences.decide(session, there == null ? 0 : there.epoch(), stays, rows.members()))
                .compose(decided -> inSession(
                        onItsWay.authority(),
                        session -> fences.decide(session, onItsWay.epoch(), stays, rows.members())));
    }

    /** Somebody else may have been faster; then a look shows what they did. */
    private Future<Void> inSession(Side side, Function<SideSession, Future<Void>> work) {
        Database database = sides.find(side).orElse(null);
        if (database == null) {
            return Future.succeededFuture();
        }
        return SideSession.open(vertx, database)
                .compose(session -> work.apply(session).eventually(session::close))
                .transform(done -> states.look(database)
                        .transform(looked -> done.failed() && !(done.cause() instanceof TooLateException)
                                ? Future.<Void>failedFuture(done.cause())
                                : Future.succeededFuture()));
    }

    /** By this instance's own clock since it first saw the move, so that no two clocks are compared. */
    private boolean isOverdue(GroupState onItsWay) {
        Moving seen = moving.compute(
                onItsWay.group(),
                (group, before) -> before != null && before.epoch() == onItsWay.epoch()
                        ? before
                        : new Moving(onItsWay.epoch(), System.nanoTime()));
        return System.nanoTime() - seen.sinceNanos() > timeout.toNanos();
    }

    private void report(String group, Throwable error) {
        String problem = String.valueOf(error.getMessage());
        if (!problem.equals(problems.put(group, problem))) {
            observer.observe(new Unexpected("bringing both sides of " + group + " to one state", error));
        }
    }

    private record Moving(long epoch, long sinceNanos) {}
}
