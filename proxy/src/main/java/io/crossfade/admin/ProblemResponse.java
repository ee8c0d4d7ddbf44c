package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Turns whatever went wrong into a problem document. Of a failure that nobody foresaw the caller learns only that it
 * happened; the observer learns the rest.
 */
final class ProblemResponse implements Handler<RoutingContext> {
    private static final List<Integer> STATUSES = List.of(400, 404, 405, 406, 413, 415, 500);

    private final Observer observer;

    ProblemResponse(Observer observer) {
        this.observer = observer;
    }

    /** Answers for every failure on the router, also where no route matched. */
    void mountOn(Router router) {
        STATUSES.forEach(status -> router.errorHandler(status, this));
        router.route().failureHandler(this);
    }

    @Override
    public void handle(RoutingContext context) {
        if (context.response().ended() || context.response().headWritten()) {
            return;
        }
        Problem problem = problem(context);
        JsonObject body = new JsonObject()
                .put("type", problem.kind().type())
                .put("title", problem.kind().title())
                .put("status", problem.kind().status())
                .put("detail", problem.detail())
                .put("code", problem.kind().code());
        if (problem.kind() == Kind.UNAUTHORIZED) {
            context.response().putHeader("WWW-Authenticate", "Bearer");
        }
        if (problem.secondsToWait() > 0) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, "" + problem.secondsToWait());
        }
        context.response()
                .setStatusCode(problem.kind().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(body.toBuffer())
                .onFailure(gone -> {});
    }

    private Problem problem(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure instanceof Problem problem) {
            return problem;
        }
        String path = context.request().path();
        return switch (context.statusCode()) {
            case 400 -> new Problem(Kind.MALFORMED, "The request cannot be read");
            case 404 -> new Problem(Kind.NOT_FOUND, "There is no " + path);
            case 405 ->
                new Problem(
                        Kind.METHOD_NOT_ALLOWED,
                        path + " does not take " + context.request().method());
            case 413 -> new Problem(Kind.TOO_LARGE, "The body may have at most " + JsonBody.MOST_BYTES + " bytes");
            case 415 -> new Problem(Kind.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json");
            default -> unexpected(failure);
        };
    }

    private Problem unexpected(Throwable failure) {
        observer.observe(new Unexpected("admin", failure));
        return new Problem(Kind.UNEXPECTED, "The log of the proxy says more");
    }
}
