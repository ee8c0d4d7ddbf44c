package io.crossfade.cutover;

import io.crossfade.agreement.Agreement;
import io.crossfade.cutover.AtRisk.Risk;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.AuthorityForced;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Rollouts;
import io.crossfade.sides.Sides;
import io.crossfade.state.BothRows;
import io.crossfade.work.RunningWork;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;

/** Takes the writes of groups back to legacy while the target does not answer, and says what that may have cost. */
final class ForcedRollback {
    private final Sides sides;
    private final Agreement agreement;
    private final Rollouts rollouts;
    private final AtRisk atRisk;
    private final Observer observer;

    ForcedRollback(Sides sides, Agreement agreement, Rollouts rollouts, AtRisk atRisk, Observer observer) {
        this.sides = sides;
        this.agreement = agreement;
        this.rollouts = rollouts;
        this.atRisk = atRisk;
        this.observer = observer;
    }

    /** Whether legacy does not take the writes of this group, so that there is something to force. */
    static boolean isPossible(BothRows rows) {
        return rows.holding().authority() == Side.TARGET || rows.leaving() != null;
    }

    /** Each group for itself and all at once: what can be had back is had back. */
    Future<Void> force(Collection<BothRows> groups, By by, RunningWork work) {
        work.step("asking target for the last time, and giving the writes to legacy");
        return Future.join(groups.stream().map(rows -> force(rows, by, work)).toList())
                .mapEmpty();
    }

    private Future<Void> force(BothRows rows, By by, RunningWork work) {
        String group = rows.group();
        // What is known now: afterwards legacy is looked at, and nobody can ask the target.
        Risk risk = atRisk.of(group);
        return agreement
                .force(group, Side.LEGACY, by.operator(), by.reason())
                .onSuccess(problems -> told(group, risk, problems, work))
                .recover(error -> InTheWay.now(sides.find(Side.LEGACY).orElseThrow(), rows.members())
                        .otherwise((String) null)
                        .compose(found -> Future.failedFuture(new CutoverException(
                                error.getMessage() + (found == null ? "" : " In the way: " + found + ".")))))
                .mapEmpty();
    }

    private void told(String group, Risk risk, List<String> problems, RunningWork work) {
        rollouts.release(group);
        risk.report(group).forEach(work::report);
        work.report(
                group + ".meaning",
                "Up to " + risk.rows() + " writes may be missing on legacy: " + risk.backlog()
                        + " journal entries waited when the target last answered, " + risk.deadLetters()
                        + " rows had been refused by legacy, " + risk.unacknowledged()
                        + " writes were answered since although legacy did not have them, and of " + risk.sinceLook()
                        + " more that is not known. Whoever still reaches the target may write there until it is back:"
                        + " then it is fenced, and what legacy lacks is listed for you to decide.");
        if (!problems.isEmpty()) {
            work.report(group + ".sequences", String.join("; ", problems));
        }
        observer.observe(new AuthorityForced(group, Side.LEGACY, risk.rows()));
    }
}
