package io.crossfade.agreement;

import io.crossfade.migration.Side;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import io.crossfade.state.StateRows;
import io.crossfade.state.States;
import io.vertx.core.Future;
import java.util.Collection;

/**
 * Brings a move that did not arrive to its end: first by a compare-and-set on the row of the side that it was going to,
 * because only that row decides, and only when that has committed by letting the first side take writes again.
 *
 * <p>It is called only for a move that was read as under way: whoever decided on a guess could make two authorities.
 */
final class Stays {
    private final States states;
    private final Fences fences;

    Stays(States states, Fences fences) {
        this.states = states;
        this.fences = fences;
    }

    /**
     * What the side that the authority is moving to says in the end: that it has it, or that it stays where it was. Where
     * it has not said either yet, it is made to say the latter.
     *
     * @param leaving what the first side was read to say of itself
     * @param operator who wants it to stay, or {@code crossfade}
     * @return fails where that side does not answer; then nothing can be known, and nothing was changed
     */
    Future<GroupState> decide(GroupState leaving, String operator, String why) {
        Side to = leaving.authority().other();
        GroupState stays = leaving.staying(operator, why);
        return states.look(to).compose(seen -> {
            BothRows rows = states.of(leaving.group());
            GroupState there = rows == null ? null : rows.of(to);
            if (there != null && there.epoch() > leaving.epoch()) {
                return Future.succeededFuture(there);
            }
            Future<Boolean> decided = there == null
                    ? StateRows.create(fences.statements(to), stays)
                    : StateRows.compareAndSet(fences.statements(to), there.epoch(), stays);
            // Whoever was faster has decided, and says so at the next look. A transaction that holds the row and whose
            // owner sleeps is ended by the server, and then this one is let through.
            return decided.compose(mine -> states.look(to).compose(looked -> decide(leaving, operator, why)));
        });
    }

    /**
     * Brings a move to its end: the writes stay where they were, fence and all, unless the other side has them already.
     *
     * @return what was decided, by whomever
     */
    Future<GroupState> end(GroupState leaving, String operator, String why, Collection<String> members) {
        return decide(leaving, operator, why)
                .compose(outcome -> outcome.authority() == leaving.authority()
                        ? takeWritesAgain(leaving, outcome, members).map(outcome)
                        : Future.succeededFuture(outcome));
    }

    /**
     * Lowers the fence of the first side, now that the other has said that the authority stays.
     *
     * @param leaving what the first side was read to say of itself; nothing is done where it says something else by now
     */
    Future<Void> takeWritesAgain(GroupState leaving, GroupState stays, Collection<String> members) {
        Side side = leaving.authority();
        if (stays.authority() != side || stays.isMoving()) {
            throw new IllegalArgumentException("the authority does not stay on " + side.label());
        }
        return fences.takeWritesAgain(leaving, stays, members).compose(done -> states.look(side));
    }
}
