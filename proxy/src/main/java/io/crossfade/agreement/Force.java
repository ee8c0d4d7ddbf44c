package io.crossfade.agreement;

import io.crossfade.agreement.SideSession.UnknownOutcomeException;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.shadow.install.CaptureRecord;
import io.crossfade.shadow.replay.SequenceJump;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import io.crossfade.state.StateRows;
import io.crossfade.state.States;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives the writes of a group to the side that answers, without the other one being asked, in one transaction. Whoever still
 * reaches the other side can write there until it is taken back, so what is written there meanwhile can be missing here: that
 * is the price, and why it is refused while the other side answers.
 *
 * <p>Threads: any; nothing blocks.
 */
final class Force {
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final long AGAIN_MILLIS = 200;
    private static final int FEW_TRIES = 5;

    /** Where the commit was sent, nothing but the row itself can say what came of it. */
    private static final int MOST_TRIES = 100;

    private final Vertx vertx;
    private final Sides sides;
    private final States states;
    private final Fences fences;

    Force(Vertx vertx, Sides sides, States states, Fences fences) {
        this.vertx = vertx;
        this.sides = sides;
        this.states = states;
        this.fences = fences;
    }

    /**
     * Forces it.
     *
     * @param to the side that is to take the writes
     * @param margin how far its sequences jump
     * @return which sequences could not jump as far, a sentence for each; fails with a sentence, and then nothing has changed
     *     unless it says otherwise
     */
    Future<List<String>> force(String group, Side to, long margin, String operator, String why) {
        return refuseWhileAnswering(group, to.other())
                .compose(silent -> attempt(group, to, margin, operator, why, null, 1));
    }

    private Future<Void> refuseWhileAnswering(String group, Side gone) {
        Database database = sides.find(gone).orElseThrow();
        return SideSession.open(vertx, database, ANSWERS_WITHIN)
                .compose(session -> session.statements()
                        .run("SELECT pg_is_in_recovery()", Tuple.tuple())
                        .map(rows -> !rows.iterator().next().getBoolean(0))
                        .eventually(session::close))
                .timeout(ANSWERS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(false)
                .compose(answers -> answers
                        ? Future.failedFuture(
                                "The " + gone.label() + " database answers, so nothing has to be lost: roll" + " group "
                                        + group + " back without force.")
                        : Future.succeededFuture());
    }

    private Future<List<String>> attempt(
            String group, Side to, long margin, String operator, String why, @Nullable GroupState sent, int tries) {
        return states.look(to)
                .timeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                .compose(
                        seen -> {
                            BothRows rows = states.of(group);
                            GroupState here = rows == null ? null : rows.of(to);
                            if (rows == null || here == null) {
                                return Future.failedFuture("The " + to.label() + " database knows nothing of group "
                                        + group + ": it cannot take its writes.");
                            }
                            if (sent != null && here.epoch() >= sent.epoch()) {
                                // The answer alone was lost.
                                return Future.succeededFuture(List.<String>of());
                            }
                            String refusal = refusal(rows, here, to);
                            return refusal != null
                                    ? Future.failedFuture(refusal)
                                    : take(rows, here, to, margin, operator, why, sent, tries);
                        },
                        away -> again(group, to, margin, operator, why, sent, tries));
    }

    private static @Nullable String refusal(BothRows rows, GroupState here, Side to) {
        if (here.authority() == to && !here.isMoving()) {
            return "Group " + rows.group() + " is written on " + to.label() + " already.";
        }
        Stage stage = rows.holding().stage();
        return stage.needsShadow() || here.isMoving()
                ? null
                : "Nothing was brought to " + to.label() + " since group " + rows.group() + " went to stage "
                        + stage.label() + ": it has nothing to go on with.";
    }

    private Future<List<String>> take(
            BothRows rows,
            GroupState here,
            Side to,
            long margin,
            String operator,
            String why,
            @Nullable GroupState sent,
            int tries) {
        GroupState forced = here.forced(to, rows.holding().epoch(), operator, why);
        Database database = sides.find(to).orElseThrow();
        return SideSession.open(vertx, database, LONGEST)
                .compose(session -> session.inTransaction(
                                connection -> take(connection, rows, here.epoch(), forced, margin))
                        .compose(problems -> problems == null
                                ? Future.<List<String>>succeededFuture(null)
                                : cleared(session, rows).map(problems))
                        .eventually(session::close))
                .compose(problems -> states.look(to).otherwiseEmpty().map(problems))
                .compose(
                        problems -> problems == null
                                ? again(rows.group(), to, margin, operator, why, sent, tries)
                                : Future.succeededFuture(problems),
                        error -> again(
                                rows.group(),
                                to,
                                margin,
                                operator,
                                why,
                                error instanceof UnknownOutcomeException ? forced : sent,
                                tries));
    }

    private Future<@Nullable List<String>> take(
            SqlConnection connection, BothRows rows, long epoch, GroupState forced, long margin) {
        String group = rows.group();
        StateRows.Statements here = SideSession.on(connection);
        return StateRows.compareAndSet(here, epoch, forced)
                .compose(mine -> mine
                        ? StateRows.noteForced(here, group)
                                .compose(noted -> SequenceJump.ahead(here::run, group, margin))
                                .compose(problems -> CaptureRecord.forced(here::run, group)
                                        .compose(voided ->
                                                fences.apply(connection, forced.authority(), forced, rows.members()))
                                        .map(problems))
                        : Future.<@Nullable List<String>>succeededFuture(null));
    }

    /** One that cannot be dropped now harms nobody as long as it sleeps. */
    private Future<Void> cleared(SideSession session, BothRows rows) {
        return fences.clear(session, rows.members()).otherwiseEmpty();
    }

    private Future<List<String>> again(
            String group, Side to, long margin, String operator, String why, @Nullable GroupState sent, int tries) {
        if (tries >= (sent == null ? FEW_TRIES : MOST_TRIES)) {
            return Future.failedFuture(
                    sent == null
                            ? "The " + to.label()
                                    + " database does not answer, or its tables are in use: nothing has changed"
                                    + " for group " + group + "."
                            : "It is not known whether the " + to.label() + " database has taken the writes of group "
                                    + group + ", because it does not answer any more: look again.");
        }
        return vertx.timer(AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                .compose(waited -> attempt(group, to, margin, operator, why, sent, tries + 1));
    }
}
