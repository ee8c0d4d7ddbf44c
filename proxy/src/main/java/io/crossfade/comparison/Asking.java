package io.crossfade.comparison;

import io.crossfade.call.CallFailure;
import io.crossfade.call.DatabaseFailure;
import io.crossfade.call.Failure;
import io.crossfade.call.Outcome;
import io.crossfade.call.Read;
import io.crossfade.comparison.Dropped.Reason;
import io.crossfade.comparison.answers.Said;
import io.crossfade.execution.AnswerTooLarge;
import io.crossfade.execution.Executor;
import io.crossfade.migration.Side;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks a side in order to compare, and tells an answer about the data from one about the side. */
final class Asking {
    /** Connections, resources, rollbacks, interventions and faults of the system (PostgreSQL manual, appendix A). */
    private static final Set<String> ABOUT_THE_SERVER = Set.of("08", "40", "53", "57", "58", "XX");

    private final Executor executor;
    private final Map<Side, Pace> paces;
    private final Map<Side, Owed> owed = Map.of(Side.LEGACY, new Owed(), Side.TARGET, new Owed());
    private final Function<Side, @Nullable String> problems;

    /** @param problems what keeps a side from answering, or null */
    Asking(Executor executor, Map<Side, Pace> paces, Function<Side, @Nullable String> problems) {
        this.executor = executor;
        this.paces = paces;
        this.problems = problems;
    }

    /** The side that is known to be down, or null. */
    @Nullable
    Side down() {
        for (Side side : Side.values()) {
            if (problems.apply(side) != null) {
                return side;
            }
        }
        return null;
    }

    /** The side that owes answers and gives none, or null. */
    @Nullable
    Side late() {
        long now = System.nanoTime();
        for (Side side : Side.values()) {
            if (owed(side).isLate(now)) {
                return side;
            }
        }
        return null;
    }

    /** Fails with {@link Dropped} where the side gave no answer about its data. */
    Future<Said> ask(Side side, Read read) {
        if (problems.apply(side) != null) {
            return Future.failedFuture(new Dropped(Reason.SIDE_DOWN, side));
        }
        long asked = System.nanoTime();
        Future<Outcome> given = executor.execute(read, side);
        owed(side).asked(asked);
        return given.transform(answer -> {
            long nanos = System.nanoTime() - asked;
            Pace pace = paces.get(side);
            if (pace != null) {
                pace.took(nanos);
            }
            owed(side).ended(asked + nanos, answer.failed() && isAboutTheSide(answer.cause()));
            return said(side, answer, nanos);
        });
    }

    private Owed owed(Side side) {
        return Objects.requireNonNull(owed.get(side));
    }

    /** What the side said, if it is about its data. */
    static Future<Said> said(Side side, AsyncResult<Outcome> answer, long nanos) {
        if (answer.succeeded()) {
            return Future.succeededFuture(new Said(side, answer.result(), null, nanos));
        }
        if (answer.cause() instanceof AnswerTooLarge) {
            return Future.failedFuture(new Dropped(Reason.TOO_LARGE, side));
        }
        return answer.cause() instanceof Failure failure && !isAboutTheSide(answer.cause())
                ? Future.succeededFuture(new Said(side, null, failure, nanos))
                : Future.failedFuture(new Dropped(reason(answer.cause()), side));
    }

    private static boolean isAboutTheSide(Throwable error) {
        if (error instanceof DatabaseFailure failure) {
            return failure.code().length() != 5
                    || ABOUT_THE_SERVER.contains(failure.code().substring(0, 2));
        }
        if (error instanceof CallFailure failure) {
            return !isAboutData(failure);
        }
        return !(error instanceof AnswerTooLarge);
    }

    private static Reason reason(Throwable error) {
        String code = error instanceof Failure failure ? failure.code() : "";
        return switch (code) {
            // The statement timeout, or no connection in time: it answers others.
            case "57014", "PGRST003", "CF429" -> Reason.BUSY;
            default -> Reason.SIDE_DOWN;
        };
    }

    private static boolean isAboutData(CallFailure failure) {
        return switch (failure.kind()) {
            case PGRST002, PGRST003, CF429, CF500, CF502, CF503, CF504 -> false;
            default -> true;
        };
    }
}
