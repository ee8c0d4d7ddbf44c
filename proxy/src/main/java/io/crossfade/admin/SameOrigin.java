package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.admin.Sessions.Session;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Tells whether a request that carries a cookie was made by our own page. */
final class SameOrigin {
    /** The header that repeats the session's second secret. */
    static final String CSRF = "X-Crossfade-CSRF";

    private SameOrigin() {}

    static void require(HttpServerRequest request, Session session) {
        @Nullable String shown = request.getHeader(CSRF);
        if (shown == null || !MessageDigest.isEqual(bytes(shown), bytes(session.csrf()))) {
            throw new Problem(
                    Kind.FORBIDDEN,
                    "A change by cookie needs the header " + CSRF + " with what GET /api/session calls csrf");
        }
        if (request.getHeader(HttpHeaders.ORIGIN) == null) {
            throw new Problem(Kind.FORBIDDEN, "A change by cookie needs the header Origin, as browsers send it");
        }
        refuseOthers(request);
    }

    /** Refuses what another page made a browser send; whoever sends no origin is no browser. */
    static void refuseOthers(HttpServerRequest request) {
        @Nullable String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return;
        }
        String authority = origin.replaceFirst("^https?://", "");
        // No page can send X-Forwarded-Host to us without our consent; a proxy that ends TLS does.
        if (!authority.equalsIgnoreCase(String.valueOf(request.authority()))
                && !authority.equalsIgnoreCase(request.getHeader("X-Forwarded-Host"))) {
            throw new Problem(Kind.FORBIDDEN, "Another page than Crossfade's own asked for this");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
