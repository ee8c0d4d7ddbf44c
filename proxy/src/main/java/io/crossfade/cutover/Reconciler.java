package io.crossfade.cutover;

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
import org.jspecify.annotations.Nullable;

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
        GroupState holding = rows.holding();
        if (holding.isMoving()) {
            return replication
                    .follow(group, rows.members(), holding.authority())
                    .compose(replaying -> isOverdue(holding) ? abort(rows, holding) : Future.succeededFuture());
        }
        moving.remove(group);
        Future<Void> followed = Future.succeededFuture();
        for (Side side : rows.lagging()) {
            followed = followed.compose(before -> follow(side, holding, rows.members()));
        }
        return followed.compose(agreed -> holding.stage().needsShadow()
                ? replication.follow(group, rows.members(), holding.authority())
                : replication.stop(group));
    }

    private Future<Void> follow(Side side, GroupState decided, Set<String> members) {
        Database database = sides.find(side).orElse(null);
        if (database == null) {
            return Future.succeededFuture();
        }
        return SideSession.open(vertx, database)
                .compose(session -> fences.follow(session, decided, members)
                        .compose(followed -> decided.fences(side)
                                ? Future.succeededFuture()
                                : fences.clear(session, members).otherwiseEmpty())
                        .eventually(session::close))
                .compose(followed -> states.look(database));
    }

    /** The driver is gone, or slow: the side that it moves to decides, once, that the authority stays. */
    private Future<Void> abort(BothRows rows, GroupState onItsWay) {
        Side to = onItsWay.authority().other();
        @Nullable GroupState there = rows.of(to);
        GroupState stays = onItsWay.changedTo(
                onItsWay.stage(),
                onItsWay.rollout(),
                onItsWay.rolloutByOperation(),
                "crossfade",
                "the move took longer than " + timeout.toMillis() + " ms and was taken back");
        Database database = sides.find(to).orElseThrow();
        return SideSession.open(vertx, database)
                .compose(session -> fences.decide(session, there == null ? 0 : there.epoch(), stays, rows.members())
                        .eventually(session::close))
                .recover(error -> error instanceof Fences.TooLateException
                        ? Future.succeededFuture()
                        : Future.failedFuture(error))
                .compose(decided -> states.look(database))
                .compose(seen -> reconcileAfterMove(onItsWay));
    }

    private Future<Void> reconcileAfterMove(GroupState onItsWay) {
        BothRows rows = states.of(onItsWay.group());
        return rows == null || rows.holding().isMoving() ? Future.succeededFuture() : reconcileNow(onItsWay.group());
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
