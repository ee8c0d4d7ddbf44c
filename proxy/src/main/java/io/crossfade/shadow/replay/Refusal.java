package io.crossfade.shadow.replay;

import io.vertx.pgclient.PgException;

/** Why the shadow would not take a row, without any value. */
record Refusal(String sqlState, String problem) {
    static Refusal of(PgException error) {
        return new Refusal(Problems.sqlState(error), Problems.describe(error));
    }

    /** Whether another row is in the way or missing, so that it may do once that row has come or gone. */
    boolean isAboutOtherRows() {
        return sqlState.equals("23503") || sqlState.equals("23505") || sqlState.equals("23P01");
    }

    /** Not an error of the database, but rows that it left out. */
    static final class RefusedException extends RuntimeException {
        private final transient Refusal refusal;

        RefusedException(String sqlState, String problem) {
            super(problem);
            this.refusal = new Refusal(sqlState, problem + " (SQLSTATE " + sqlState + ")");
        }

        Refusal refusal() {
            return refusal;
        }
    }
}
