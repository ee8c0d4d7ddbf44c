package io.crossfade.call;

import org.jspecify.annotations.Nullable;

/** A database refused the call; its SQLSTATE and words pass through untouched. */
public final class DatabaseFailure extends Failure {
    private final String sqlState;
    private final @Nullable String details;

    /**
     * @param sqlState five characters (PostgreSQL manual, appendix A)
     * @param details the server's DETAIL
     * @param hint the server's HINT
     */
    public DatabaseFailure(String sqlState, String message, @Nullable String details, @Nullable String hint) {
        super(message, hint, null);
        this.sqlState = sqlState;
        this.details = details;
    }

    @Override
    public String code() {
        return sqlState;
    }

    @Override
    public @Nullable String details() {
        return details;
    }
}
