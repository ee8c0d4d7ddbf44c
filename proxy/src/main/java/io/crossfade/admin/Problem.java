package io.crossfade.admin;

import java.util.Locale;

/**
 * Why the admin API did not do what it was asked, as it is said to the caller (RFC 9457). Thrown by whatever finds it,
 * translated in one place. Carries no stack trace: it is an answer, not an accident.
 */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final long secondsToWait;

    Problem(Kind kind, String detail) {
        this(kind, detail, 0);
    }

    private Problem(Kind kind, String detail, long secondsToWait) {
        super(detail, null, false, false);
        this.kind = kind;
        this.secondsToWait = secondsToWait;
    }

    static Problem tooManyAttempts(long secondsToWait) {
        return new Problem(
                Kind.TOO_MANY_ATTEMPTS,
                "Too many wrong tokens came from here: no token is looked at for " + secondsToWait + " s",
                secondsToWait);
    }

    /** After how long it is worth trying again; 0 where nobody can say. */
    long secondsToWait() {
        return secondsToWait;
    }

    Kind kind() {
        return kind;
    }

    /** The sentence for the operator. */
    String detail() {
        return String.valueOf(getMessage());
    }

    /** What can go wrong; {@code docs/reference/admin-api.md} lists the codes. */
    enum Kind {
        MALFORMED(400, "The request is malformed"),
        UNAUTHORIZED(401, "The admin token is missing or wrong"),
        FORBIDDEN(403, "This is not allowed"),
        NOT_FOUND(404, "There is nothing here"),
        UNKNOWN_REPOSITORY(404, "There is no such repository"),
        UNKNOWN_OPERATION(404, "There is no such operation"),
        UNKNOWN_DEAD_LETTER(404, "There is no such dead letter"),
        UNKNOWN_MISMATCH(404, "There is no such mismatch"),
        UNKNOWN_ENTRY(404, "There is no such entry to decide about"),
        UNKNOWN_PIN(404, "This key is not pinned"),
        METHOD_NOT_ALLOWED(405, "The path is there, the method is not"),
        REFUSED(409, "The change was refused"),
        STALE_EPOCH(412, "Another change came first"),
        TOO_LARGE(413, "The body is too large"),
        UNSUPPORTED_MEDIA_TYPE(415, "The body is not JSON"),
        TOO_MANY_ATTEMPTS(429, "Too many wrong tokens"),
        UNEXPECTED(500, "Something went wrong inside of Crossfade"),
        TOO_MANY_LISTENERS(503, "Too many listen already"),
        UNAVAILABLE(503, "A database does not answer");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        int status() {
            return status;
        }

        String title() {
            return title;
        }

        /** The same prefix as the codes of the data front doors. */
        String code() {
            return "CF" + status;
        }

        /** Names the kind; not a place to look anything up. */
        String type() {
            return "urn:crossfade:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
