package io.crossfade.call;

import org.jspecify.annotations.Nullable;

/** A call that we found wanting, or could not carry out. */
public final class CallFailure extends Failure {
    private final Code code;
    private final @Nullable String details;

    public CallFailure(Code code, String message, @Nullable String details, @Nullable String hint) {
        this(code, message, details, hint, null);
    }

    /** @param cause kept for the log only; nothing of it reaches a caller */
    public CallFailure(
            Code code, String message, @Nullable String details, @Nullable String hint, @Nullable Throwable cause) {
        super(message, hint, cause);
        this.code = code;
        this.details = details;
    }

    @Override
    public String code() {
        return code.name();
    }

    /** The code as a constant, for those who decide by it. */
    public Code kind() {
        return code;
    }

    @Override
    public @Nullable String details() {
        return details;
    }

    /**
     * Codes of PostgREST keep its names and meaning (PostgREST reference, "Errors"); ours begin with {@code CF}.
     * {@code docs/reference/errors.md} lists them all.
     */
    public enum Code {
        /** The query string could not be parsed. */
        PGRST100,
        /** The method is not for functions. */
        PGRST101,
        /** The body is not acceptable. */
        PGRST102,
        /** The range is not there. */
        PGRST103,
        /** The schema is not exposed. */
        PGRST106,
        /** No acceptable media type. */
        PGRST107,
        /** A filter or order on something that is not embedded. */
        PGRST108,
        /** One row was asked for and there was another number. */
        PGRST116,
        /** The method is unknown. */
        PGRST117,
        /** Preferences that are unknown, under strict handling. */
        PGRST122,
        /** Aggregates are not allowed. */
        PGRST123,
        /** More rows affected than the caller allowed. */
        PGRST124,
        /** The path is not one of ours. */
        PGRST125,
        /** No relationship between two relations. */
        PGRST200,
        /** No such function. */
        PGRST202,
        /** Several functions fit. */
        PGRST203,
        /** No such column in a payload. */
        PGRST204,
        /** No such relation. */
        PGRST205,
        /** The catalogue was not read yet. */
        PGRST002,
        /** No connection became free in time. */
        PGRST003,
        /** The dialect has it, this version does not. */
        CF501,
        /** The body is larger than the front door takes. */
        CF413,
        /** The two databases gave different answers, and that is to be an error. */
        CF502,
        /** The side that must answer cannot be reached. */
        CF503,
        /** The side that must answer did not do so in time; whether the call took effect is not known. */
        CF504,
        /** Too many calls are waiting already. */
        CF429,
        /** Our own fault. */
        CF500
    }
}
