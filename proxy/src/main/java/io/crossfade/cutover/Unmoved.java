package io.crossfade.cutover;

import io.crossfade.agreement.Agreement;
import io.crossfade.agreement.AuthorityMove;
import io.crossfade.agreement.UnsettledException;
import io.crossfade.migration.Side;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.sides.Sides;
import io.crossfade.state.GroupState;
import io.vertx.core.Future;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a move that could not be finished, and says to its operator where the writes are and why, or who is responsible for
 * that.
 *
 * <p>Threads: any; nothing blocks.
 */
final class Unmoved {
    /** What finding out who was in the way may add to the time that writes wait. */
    private static final long NAMING_MILLIS = 300;

    private final Sides sides;
    private final Agreement agreement;
    private final CutoverSettings limits;

    Unmoved(Sides sides, Agreement agreement, CutoverSettings limits) {
        this.sides = sides;
        this.agreement = agreement;
        this.limits = limits;
    }

    /** Nothing was changed here, and whoever was faster goes on undisturbed. */
    <T> Future<T> beaten(AuthorityMove move, String group) {
        return agreement.look(group).compose(rows -> {
            if (rows.leaving() != null) {
                return Future.failedFuture(new UnsettledException(rows));
            }
            String who = rows.holding().epoch() > move.epoch()
                    ? "'" + rows.holding().changedBy() + "'"
                    // Its capture was given up, or a repository has joined it, which is nobody's decision about the
                    // group.
                    : "Somebody else";
            return Future.failedFuture(
                    new CutoverException(who + " has changed group " + group + " meanwhile: look again."));
        });
    }

    /** Whether the writes stay where they were is for the other side's row to say. */
    Future<Void> takeBack(AuthorityMove move, String group, Future<@Nullable String> why) {
        return why.compose(reason -> move.abort(reason == null ? "it was stopped" : reason)
                .timeout(limits.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .transform(ended -> {
                    GroupState outcome = ended.result();
                    if (outcome != null && move.cameTo(outcome)) {
                        return Future.succeededFuture();
                    }
                    if (outcome != null && outcome.authority() != move.from()) {
                        return Future.failedFuture(new CutoverException(
                                "'" + outcome.changedBy() + "' has moved group " + group + " meanwhile: look again."));
                    }
                    return Future.failedFuture(new CutoverException(
                            outcome != null
                                    ? "Group " + group + " is still written on "
                                            + move.from().label() + ": "
                                            + (reason == null || isStopped(move, outcome) ? stoppedBy(outcome) : reason)
                                    : "It is not known yet where group " + group
                                            + " is written, because a database does"
                                            + " not answer: writes wait until it does, and every proxy tries."
                                            + (reason == null ? "" : " " + reason)));
                }));
    }

    /** What fails then is but what came of that. */
    private static boolean isStopped(AuthorityMove move, GroupState outcome) {
        return move.isEnded() && !outcome.changedBy().equals(AuthorityMove.CROSSFADE);
    }

    private static String stoppedBy(GroupState stays) {
        return "'" + stays.changedBy() + "' has stopped the move"
                + (stays.reason().isBlank() ? "." : " (" + stays.reason() + ").");
    }

    /** What failed, for the operator; null where somebody else has ended the move, whose own word says why. */
    Future<@Nullable String> describe(Side side, Set<String> members, Throwable error) {
        if (error instanceof StoppedException) {
            return Future.succeededFuture(null);
        }
        String said = error instanceof CutoverException ? String.valueOf(error.getMessage()) : Reasons.of(side, error);
        return error instanceof CutoverException
                ? Future.succeededFuture(said)
                : InTheWay.now(sides.find(side).orElseThrow(), members)
                        .timeout(NAMING_MILLIS, TimeUnit.MILLISECONDS)
                        .otherwise((String) null)
                        .map(found -> found == null ? said : said + " In the way: " + found + ".");
    }
}
