package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.admin.Sessions.Session;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets through whoever shows a token in a header, or the cookie of a session, and lets only operators change something.
 * A cookie is sent by the browser whoever made it ask, so a change by cookie needs two more proofs that our own page
 * asks: the session's second secret in a header, and the page's own origin.
 */
final class Authentication implements Handler<RoutingContext> {
    private static final String SCHEME = "Bearer ";
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final TokenCheck tokens;
    private final Sessions sessions;

    Authentication(TokenCheck tokens, Sessions sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    @Override
    public void handle(RoutingContext context) {
        Operator operator = operator(context);
        if (changesSomething(context) && !SessionCommands.isAbout(context)) {
            operator.requireToChange();
        }
        operator.keepIn(context);
        context.next();
    }

    private Operator operator(RoutingContext context) {
        @Nullable String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null) {
            if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                throw unauthorized();
            }
            return tokens.operator(
                    context.request(), header.substring(SCHEME.length()).strip());
        }
        Session session = SessionCookie.of(context).flatMap(sessions::find).orElseThrow(Authentication::unauthorized);
        if (changesSomething(context)) {
            SameOrigin.require(context.request(), session);
        }
        SessionCookie.keep(context, session);
        return session.operator();
    }

    private static boolean changesSomething(RoutingContext context) {
        return !SAFE.contains(context.request().method());
    }

    private static Problem unauthorized() {
        return new Problem(Kind.UNAUTHORIZED, "Send your token as 'Authorization: Bearer <token>', or sign in anew");
    }
}
