package io.crossfade.admin;

import java.util.Locale;

/**
 * Why the admin API did not do what it was asked, as it is said to the caller (RFC 9457). Thrown by whatever finds it,
 * translated in one place. Carries no stack trace: it is an answer, not an accident.
 */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    Problem(Kind kind, String detail) {
        super(detail, null, false, false);
        this.kind = kind;
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
        NOT_FOUND(404, "There is nothing here"),
        UNKNOWN_REPOSITORY(404, "There is no such repository"),
        UNKNOWN_DEAD_LETTER(404, "There is no such dead letter"),
        METHOD_NOT_ALLOWED(405, "The path is there, the method is not"),
        REFUSED(409, "The change was refused"),
        STALE_EPOCH(412, "Another change came first"),
        TOO_LARGE(413, "The body is too large"),
        UNSUPPORTED_MEDIA_TYPE(415, "The body is not JSON"),
        UNEXPECTED(500, "Something went wrong inside of Crossfade"),
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
