package io.crossfade.agreement;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.Disagreement;
import io.crossfade.observation.Observer;
import io.crossfade.shadow.Shadowing;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import io.crossfade.state.StateRows;
import io.crossfade.state.States;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings the other side of each group to what its authority says, fence and row at once, and has it replayed from there.
 * Every instance does; whoever comes second finds nothing to do.
 *
 * <p>Threads: any; nothing blocks. The steps of one group wait for each other.
 */
final class Reconciler {
    private final States states;
    private final Fences fences;
    private final Stays stays;
    private final Stuck stuck;
    private final Shadowing shadowing;
    private final Observer observer;
    private final Map<String, Future<Void>> last = new ConcurrentHashMap<>();
    private final Map<String, String> problems = new ConcurrentHashMap<>();

    Reconciler(States states, Fences fences, Stuck stuck, Shadowing shadowing, Observer observer) {
        this.states = states;
        this.fences = fences;
        this.stays = new Stays(states, fences);
        this.stuck = stuck;
        this.shadowing = shadowing;
        this.observer = observer;
    }

    /** Takes up everything that is known; to be called after every change and each second. */
    void reconcileAll() {
        states.current().keySet().forEach(group -> {
            Future<Void> running = last.get(group);
            if (running == null || running.isComplete()) {
                reconcileQuietly(group);
            }
        });
        shadowing.groups().stream()
                .filter(group -> states.of(group) == null)
                .forEach(gone -> shadowing.stop(gone).onFailure(error -> report(gone, error)));
    }

    private void reconcileQuietly(String group) {
        reconcile(group).onSuccess(done -> problems.remove(group)).onFailure(error -> report(group, error));
    }

    /** Completes when every group that is known was taken up once, with whatever outcome. */
    Future<Void> reconcileOnce() {
        return Future.join(
                        states.current().keySet().stream().map(this::reconcile).toList())
                .transform(done -> Future.succeededFuture());
    }

    /** Brings both sides of one group to what holds; fails where a side does not answer. */
    Future<Void> reconcile(String group) {
        Promise<Void> mine = Promise.promise();
        Future<Void> before = last.put(group, mine.future());
        // Not inside the map: what is done asks for locks whose holders come here.
        (before == null ? Future.<Void>succeededFuture() : before.otherwiseEmpty())
                .compose(done -> reconcileNow(group))
                .onComplete(mine);
        return mine.future();
    }

    /** Completes when nothing is under way. */
    Future<Void> idle() {
        return Future.join(List.copyOf(last.values())).transform(done -> Future.succeededFuture());
    }

    private Future<Void> reconcileNow(String group) {
        BothRows rows = states.of(group);
        if (rows == null) {
            return shadowing.stop(group);
        }
        GroupState leaving = rows.leaving();
        if (leaving != null) {
            return bringToEnd(rows, leaving);
        }
        stuck.forget(group);
        GroupState settled = rows.settled();
        if (settled == null) {
            return recover(rows);
        }
        Side other = settled.authority().other();
        GroupState there = rows.of(other);
        if (there != null && isOlder(settled, there)) {
            return adopt(settled, there);
        }
        if (there != null && isOverruled(there, other, settled)) {
            return takeBack(rows, there, settled);
        }
        // First the replay ends and then the fence, first there is a fence and then a replay.
        Future<Void> stopped = settled.stage().needsShadow() ? Future.succeededFuture() : shadowing.stop(group);
        return stopped.compose(still -> there != null && there.epoch() >= settled.epoch()
                        ? Future.succeededFuture()
                        : fences.follow(other, settled, rows.members()).compose(followed -> states.look(other)))
                .compose(agreed -> settled.stage().needsShadow()
                        ? shadowing.follow(group, settled.authority(), rows.members())
                        : Future.succeededFuture());
    }

    /**
     * A move that is under way is left to whoever drives it for a while, and what is left is replayed meanwhile, whoever
     * does. One that takes too long was given up, by an operator or by death, and is brought to its end from here.
     */
    private Future<Void> bringToEnd(BothRows rows, GroupState leaving) {
        Side from = leaving.authority();
        GroupState there = rows.of(from.other());
        Future<Void> replayed = shadowing.follow(rows.group(), from, rows.members());
        if (there != null && there.epoch() > leaving.epoch()) {
            return replayed.compose(done -> stays.takeWritesAgain(leaving, there, rows.members()));
        }
        if (!stuck.isStuck(leaving, () -> reconcileQuietly(rows.group()))) {
            return replayed;
        }
        return stays.decide(leaving, AuthorityMove.CROSSFADE, "the move took too long")
                .compose(outcome -> outcome.authority() == from
                        ? stays.takeWritesAgain(leaving, outcome, rows.members())
                        : reconcileNow(rows.group()));
    }

    /**
     * The other side knows of a later decision of the same authority: this one is a copy from before, such as a database
     * that was restored.
     */
    private static boolean isOlder(GroupState settled, GroupState there) {
        return there.epoch() > settled.epoch() && there.authority() == settled.authority() && !there.isMoving();
    }

    /**
     * The other side took writes, by its own word, that nobody has drained: the authority was taken from it by force, or it is
     * a state from before a restore. One that has left by itself, one epoch before, is empty.
     */
    private static boolean isOverruled(GroupState there, Side side, GroupState settled) {
        return there.authority() == side && there.epoch() < settled.epoch() - (there.isMoving() ? 1 : 0);
    }

    /** First it takes no writes any more, and what it had written is on its list; only then may anything be replayed to it. */
    private Future<Void> takeBack(BothRows rows, GroupState claim, GroupState settled) {
        String group = rows.group();
        Side side = claim.authority();
        return shadowing
                .stop(group)
                .compose(still -> fences.takeBack(side, claim, settled, rows.members()))
                .compose(taken -> states.look(side))
                .compose(seen -> {
                    GroupState now = seenOf(group, side);
                    return now == null || now.epoch() <= claim.epoch() ? Future.succeededFuture() : reconcileNow(group);
                });
    }

    private @Nullable GroupState seenOf(String group, Side side) {
        BothRows rows = states.of(group);
        return rows == null ? null : rows.of(side);
    }

    private Future<Void> adopt(GroupState settled, GroupState there) {
        Side authority = settled.authority();
        return StateRows.compareAndSet(fences.statements(authority), settled.epoch(), there)
                .compose(stored -> states.look(authority));
    }

    /** A side without a row was never fenced, so the other side's word about it can be taken. */
    private Future<Void> recover(BothRows rows) {
        GroupState known = rows.holding();
        Side authority = known.authority();
        return known.epoch() == 0 || known.isMoving() || rows.of(authority) != null
                ? shadowing.stop(rows.group())
                : StateRows.create(fences.statements(authority), known).compose(stored -> states.look(authority));
    }

    private void report(String group, Throwable error) {
        String problem = String.valueOf(error.getMessage());
        if (!problem.equals(problems.put(group, problem))) {
            observer.observe(new Disagreement(group, problem));
        }
    }
}
