package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.admin.Sessions.Session;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /api/session}: signing in at the page, who is signed in, and signing out. */
final class SessionCommands {
    private static final String PATH = "/api/session";

    private final TokenCheck tokens;
    private final Sessions sessions;

    SessionCommands(TokenCheck tokens, Sessions sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    /** Signing in takes the token in the body, so it comes before anybody is asked for one. */
    void mountBeforeAuthentication(Router router) {
        router.post(PATH).handler(JsonBody.reader()).handler(this::begin);
    }

    void mountOn(Router router) {
        router.get(PATH).handler(SessionCommands::show);
        router.delete(PATH).handler(this::end);
    }

    /** Whether the request is about a session, which viewers have too. */
    static boolean isAbout(RoutingContext context) {
        return context.request().method().equals(HttpMethod.DELETE)
                && context.normalizedPath().equals(PATH);
    }

    private void begin(RoutingContext context) {
        SameOrigin.refuseOthers(context.request());
        JsonBody body = JsonBody.of(context, "{\"token\":\"…\"}", Set.of("token"));
        @Nullable String token = body.text("token");
        if (token == null || token.isBlank()) {
            throw new Problem(Kind.MALFORMED, "The body must have a 'token'");
        }
        Session session = sessions.begin(tokens.operator(context.request(), token.strip()));
        SessionCookie.set(context, session);
        JsonResponse.send(context, view(session.operator(), Optional.of(session)));
    }

    private static void show(RoutingContext context) {
        JsonResponse.send(context, view(Operator.of(context), SessionCookie.session(context)));
    }

    private void end(RoutingContext context) {
        SessionCookie.session(context).ifPresent(sessions::end);
        SessionCookie.clear(context);
        context.response().setStatusCode(204).end().onFailure(gone -> {});
    }

    private static JsonObject view(Operator operator, Optional<Session> session) {
        return new JsonObject()
                .put("name", operator.name())
                .put("role", operator.role().label())
                .put("csrf", session.map(Session::csrf).orElse(null));
    }
}
