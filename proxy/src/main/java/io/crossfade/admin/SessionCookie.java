package io.crossfade.admin;

import io.crossfade.admin.Sessions.Session;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The cookie by which a browser shows its session: no script can read it, and no other site can have it sent. */
final class SessionCookie {
    static final String NAME = "crossfade_session";
    private static final String KEY = "session";

    private SessionCookie() {}

    /** The id that the browser shows. */
    static Optional<String> of(RoutingContext context) {
        @Nullable Cookie cookie = context.request().getCookie(NAME);
        return Optional.ofNullable(cookie).map(Cookie::getValue);
    }

    /** Remembers by which session somebody was let in. */
    static void keep(RoutingContext context, Session session) {
        context.put(KEY, session);
    }

    /** The session by which somebody was let in; empty for whoever showed a token. */
    static Optional<Session> session(RoutingContext context) {
        return Optional.ofNullable(context.get(KEY));
    }

    static void set(RoutingContext context, Session session) {
        context.response().addCookie(cookie(context.request(), session.id(), TimeUnit.HOURS.toSeconds(Sessions.HOURS)));
    }

    static void clear(RoutingContext context) {
        context.response().addCookie(cookie(context.request(), "", 0));
    }

    private static Cookie cookie(HttpServerRequest request, String value, long seconds) {
        return Cookie.cookie(NAME, value)
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT)
                .setPath("/")
                .setSecure(request.isSSL() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto")))
                .setMaxAge(seconds);
    }
}
