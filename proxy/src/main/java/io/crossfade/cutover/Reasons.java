package io.crossfade.cutover;

import io.crossfade.call.Failure;
import io.crossfade.migration.Side;
import io.vertx.pgclient.PgException;
import java.util.Set;

/** Why a database did not do as it was asked, in our own words: its own may quote values. */
final class Reasons {
    private static final Set<String> LOCKED = Set.of("55P03", "40P01", "57014");

    private Reasons() {}

    static String of(Side side, Throwable error) {
        if (error instanceof PgException said) {
            return LOCKED.contains(String.valueOf(said.getSqlState()))
                    ? "the tables on " + side.label() + " were in use for too long."
                    : "the " + side.label() + " database refused (SQLSTATE " + said.getSqlState() + ").";
        }
        if (error instanceof Failure failure && LOCKED.contains(failure.code())) {
            return "the tables on " + side.label() + " were in use for too long.";
        }
        return error instanceof Failure failure
                ? "the " + side.label() + " database did not answer as it should (" + failure.code() + ")."
                : "the " + side.label() + " database did not answer in time.";
    }
}
