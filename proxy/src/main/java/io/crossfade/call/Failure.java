package io.crossfade.call;

import org.jspecify.annotations.Nullable;

/**
 * Why a call did not go well. The family is closed: a {@link CallFailure} was found by us, a {@link DatabaseFailure} was
 * said by a database. Each front door translates both in one place.
 *
 * <p>Failures carry no stack trace: they are answers, not accidents, and cost as little as an answer.
 */
public abstract sealed class Failure extends RuntimeException permits CallFailure, DatabaseFailure {
    private final @Nullable String hint;

    Failure(String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.hint = hint;
    }

    /** The stable, documented code. */
    public abstract String code();

    /** What happened, in a sentence. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** More about it, or null. */
    public abstract @Nullable String details();

    /** What to do about it, or null. */
    public @Nullable String hint() {
        return hint;
    }
}
