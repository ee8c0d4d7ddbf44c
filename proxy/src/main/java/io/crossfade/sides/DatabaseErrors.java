package io.crossfade.sides;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.DatabaseFailure;
import io.crossfade.call.Failure;
import io.crossfade.migration.Side;
import io.crossfade.settings.SideSettings;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Turns whatever the driver says into a {@link Failure}. */
final class DatabaseErrors {
    private DatabaseErrors() {}

    static Failure translate(Side side, SideSettings settings, Throwable error) {
        if (error instanceof Failure failure) {
            return failure;
        }
        if (error instanceof PgException said) {
            return said.getSqlState() == null
                    ? unreachable(side, error)
                    : new DatabaseFailure(
                            said.getSqlState(),
                            String.valueOf(said.getErrorMessage()),
                            blankToNull(said.getDetail()),
                            blankToNull(said.getHint()));
        }
        String message = String.valueOf(error.getMessage());
        if (message.contains("max wait queue size")) {
            return new CallFailure(
                    Code.CF429,
                    "Too many calls are waiting for the " + side.label() + " database.",
                    "All " + settings.poolSize() + " connections are in use and " + settings.maxWaiting()
                            + " calls wait already.",
                    "Send fewer calls at once, or raise " + side.label() + ".poolSize.",
                    error);
        }
        if (error instanceof TimeoutException) {
            return new CallFailure(
                    Code.CF504,
                    "The " + side.label() + " database did not answer in time.",
                    "It is not known whether the call took effect.",
                    null,
                    error);
        }
        if (message.startsWith("Timeout")) {
            return new CallFailure(
                    Code.PGRST003, "Timed out acquiring connection from connection pool.", null, null, error);
        }
        if (error instanceof ClosedConnectionException
                || error instanceof IOException
                || error instanceof VertxException) {
            return unreachable(side, error);
        }
        return new CallFailure(Code.CF500, "The call failed by a fault of Crossfade itself.", null, null, error);
    }

    private static Failure unreachable(Side side, Throwable error) {
        boolean never = error instanceof ConnectException;
        return new CallFailure(
                Code.CF503,
                never
                        ? "The " + side.label() + " database cannot be reached."
                        : "The connection to the " + side.label() + " database was lost.",
                never ? "The call had no effect." : "It is not known whether the call took effect.",
                "Read again at once; repeat a write only if doing it twice does no harm.",
                error);
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
