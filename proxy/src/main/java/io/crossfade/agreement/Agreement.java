package io.crossfade.agreement;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observer;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.shadow.Shadowing;
import io.crossfade.shadow.install.Fence;
import io.crossfade.shadow.watch.Standing;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import io.crossfade.state.GroupStates;
import io.crossfade.state.StateRows;
import io.crossfade.state.StateRows.Statements;
import io.crossfade.state.States;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides about groups by one compare-and-set on the side that takes the writes, and sees to it, always, that both sides
 * and the replay follow what any instance has decided.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class Agreement implements GroupStates {
    private static final long RECONCILE_MILLIS = 1_000;
    private static final long FOLLOW_SECONDS = 10;

    /** What must not be left half done is a transaction, which ends with its connection. */
    private static final long CLOSE_SECONDS = 2;

    private final Vertx vertx;
    private final Sides sides;
    private final States states;
    private final Shadowing shadowing;
    private final CutoverSettings limits;
    private final Fences fences;
    private final Force force;
    private final Reconciler reconciler;
    private final Stays stays;
    private final long timer;

    private Agreement(
            Vertx vertx, Sides sides, States states, Shadowing shadowing, CutoverSettings limits, Observer observer) {
        this.vertx = vertx;
        this.sides = sides;
        this.states = states;
        this.shadowing = shadowing;
        this.limits = limits;
        this.fences = new Fences(vertx, sides, new Fence(vertx));
        this.force = new Force(vertx, sides, states, fences);
        this.stays = new Stays(states, fences);
        this.reconciler = new Reconciler(states, fences, new Stuck(vertx, limits.healAfter()), shadowing, observer);
        shadowing.raisesBy(fences::raiseAgain);
        states.onChange(reconciler::reconcileAll);
        this.timer = vertx.setPeriodic(RECONCILE_MILLIS, tick -> reconciler.reconcileAll());
    }

    /** Begins; both sides are looked at and followed from now on. */
    public static Agreement open(
            Vertx vertx, Sides sides, States states, Shadowing shadowing, CutoverSettings limits, Observer observer) {
        return new Agreement(vertx, sides, states, shadowing, limits, observer);
    }

    /**
     * Prepares a move of the authority of a group to its other side, with connections of its own to both. The rows of both
     * sides have to say the same.
     *
     * @return fails with an {@link UnsettledException} where they do not
     */
    public Future<AuthorityMove> prepareMove(String group) {
        return look(group)
                .compose(rows -> rows.leaving() != null ? refuse(rows) : Future.succeededFuture(rows))
                // Whoever waits behind this one may be the way back of another group.
                .compose(rows -> rows.agree()
                        ? Future.succeededFuture(rows)
                        : followed(group).map(done -> known(group)))
                .compose(rows -> {
                    GroupState settled = rows.settled();
                    return settled == null || !rows.agree() ? refuse(rows) : open(settled, rows);
                });
    }

    private static <T> Future<T> refuse(BothRows rows) {
        return Future.failedFuture(new UnsettledException(rows));
    }

    /** What both sides say of a group now. */
    public Future<BothRows> look(String group) {
        return Future.join(states.look(Side.LEGACY), states.look(Side.TARGET)).map(seen -> known(group));
    }

    /**
     * Ends a move that is under way, whoever drives it: the writes stay where they were, unless the other side has them
     * already, which only that side knows.
     *
     * @param leaving what a side was read to say of its writes
     * @param operator who wants it; the driver tells this name to its own operator
     * @return what was decided, by whomever
     */
    public Future<GroupState> stop(GroupState leaving, String operator, String why) {
        return stays.end(leaving, operator, why, known(leaving.group()).members())
                .compose(outcome -> followed(leaving.group()).map(outcome));
    }

    private BothRows known(String group) {
        BothRows rows = states.of(group);
        return rows != null ? rows : new BothRows(group, Map.of(), Set.of());
    }

    /**
     * Gives the writes of a group to one side without the other being asked, which must not answer any more.
     *
     * @return which sequences could not jump as far as wanted, a sentence for each; fails with a sentence for the operator
     */
    public Future<List<String>> force(String group, Side to, String operator, String why) {
        return force.force(group, to, limits.forceMargin(), operator, why);
    }

    private Future<AuthorityMove> open(GroupState settled, BothRows rows) {
        Side from = settled.authority();
        Future<SideSession> here = session(from);
        Future<SideSession> there = session(from.other());
        return Future.join(here, there)
                .onFailure(error -> {
                    here.onSuccess(Agreement::discard);
                    there.onSuccess(Agreement::discard);
                })
                .compose(both -> rehearsed(new AuthorityMove(
                        states,
                        fences,
                        Fence.hurried(vertx, limits.lockLimit()),
                        here.result(),
                        there.result(),
                        settled,
                        rows.members())));
    }

    private static Future<AuthorityMove> rehearsed(AuthorityMove move) {
        return move.rehearse()
                .onFailure(error -> {
                    var unused = move.close();
                })
                .map(move);
    }

    private static void discard(SideSession opened) {
        var unused = opened.close();
    }

    private Future<SideSession> session(Side side) {
        return SideSession.open(vertx, sides.find(side).orElseThrow(), limits.driverLimit());
    }

    @Override
    public Map<String, BothRows> current() {
        return states.current();
    }

    @Override
    public void onChange(Runnable listener) {
        states.onChange(listener);
    }

    /** Where a group stands by the authority's own word; null while that is not known, or the authority is on its way. */
    public @Nullable Standing standing(String group) {
        BothRows rows = states.of(group);
        GroupState settled = rows == null ? null : rows.settled();
        if (settled != null) {
            return new Standing(settled.authority(), settled.stage().needsShadow());
        }
        return rows != null && rows.rows().isEmpty() ? Standing.AT_REST : null;
    }

    @Override
    public Future<Boolean> decide(BothRows from, GroupState next) {
        if (next.stage().needsShadow() && from.members().isEmpty()) {
            return Future.failedFuture(
                    "The writes of " + from.group() + " are not captured yet: run './crossfade install' first");
        }
        GroupState settled = from.settled();
        if (from.holding().epoch() > 0 && (settled == null || settled.authority() != next.authority())) {
            return Future.failedFuture(
                    settled == null
                            ? "The authority of group " + from.group() + " is on its way: look again in a moment."
                            : "A change of the stage alone does not move the authority of group " + from.group() + ".");
        }
        Database authority = sides.find(next.authority()).orElseThrow();
        Statements statements = (sql, values) -> authority.run(sql, values, false);
        GroupState holding = from.holding();
        boolean begins = next.stage().needsShadow() && !holding.stage().needsShadow();
        return (begins ? shadowing.refuseGivenUp(next.authority(), from.members()) : Future.<Void>succeededFuture())
                .compose(possible -> holding.epoch() == 0
                        ? create(statements, next)
                        : StateRows.compareAndSet(statements, holding.epoch(), next))
                .compose(stored -> states.look(authority).map(stored))
                .compose(stored -> stored ? followed(from.group()) : Future.succeededFuture(false));
    }

    /** Only where both sides were seen to know nothing: a side that forgot must not speak for the one that remembers. */
    private Future<Boolean> create(Statements statements, GroupState first) {
        return states.look(Side.LEGACY)
                .compose(seen -> states.look(Side.TARGET))
                .compose(seen -> {
                    BothRows known = states.of(first.group());
                    return known != null && known.holding().epoch() > 0
                            ? Future.succeededFuture(false)
                            : StateRows.create(statements, first);
                });
    }

    /** The decision stands, whether the other side answers now or is brought along when it does. */
    private Future<Boolean> followed(String group) {
        return reconciler
                .reconcile(group)
                .timeout(FOLLOW_SECONDS, TimeUnit.SECONDS)
                .transform(done -> Future.succeededFuture(true));
    }

    /** Completes when the groups that are known are followed, as far as their databases answer in time. */
    public Future<Void> begin() {
        return reconciler
                .reconcileOnce()
                .timeout(FOLLOW_SECONDS, TimeUnit.SECONDS)
                .otherwiseEmpty();
    }

    /** Stops. */
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        return reconciler.idle().timeout(CLOSE_SECONDS, TimeUnit.SECONDS).otherwiseEmpty();
    }
}
