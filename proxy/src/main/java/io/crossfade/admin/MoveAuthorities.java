package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.cutover.Begun;
import io.crossfade.cutover.Begun.Refused;
import io.crossfade.cutover.Begun.Stale;
import io.crossfade.cutover.Begun.Started;
import io.crossfade.cutover.Begun.UnknownRepository;
import io.crossfade.cutover.Cutovers;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/cutover}, {@code /api/rollback} and {@code /api/rehearse}: each is answered as soon as it has begun, with
 * the place to look at how far it is.
 */
final class MoveAuthorities {
    private static final String EXAMPLE = "{\"repositories\":[\"clients\"],\"reason\":\"as planned\"}";

    private final Optional<Cutovers> cutovers;

    MoveAuthorities(Optional<Cutovers> cutovers) {
        this.cutovers = cutovers;
    }

    void mountOn(Router router) {
        router.post("/api/cutover").handler(JsonBody.reader()).handler(context -> {
            JsonBody body = JsonBody.of(context, EXAMPLE, Set.of("repositories", "reason", "override"));
            answer(
                    context,
                    cutovers().cutover(body.names("repositories"), expected(context), body.by(Operator.of(context))));
        });
        router.post("/api/rehearse").handler(JsonBody.reader()).handler(context -> {
            JsonBody body = JsonBody.of(context, EXAMPLE, Set.of("repositories", "reason", "override"));
            answer(
                    context,
                    cutovers().rehearse(body.names("repositories"), expected(context), body.by(Operator.of(context))));
        });
        router.post("/api/rollback").handler(JsonBody.reader()).handler(context -> {
            JsonBody body = JsonBody.of(context, EXAMPLE, Set.of("repositories", "reason", "to", "force", "override"));
            By by = body.by(Operator.of(context));
            answer(
                    context,
                    Future.succeededFuture(
                            isForced(body, by)
                                    ? cutovers().force(body.names("repositories"), by)
                                    : cutovers().rollback(body.names("repositories"), to(body), by)));
        });
    }

    private Cutovers cutovers() {
        return cutovers.orElseThrow(() -> new Problem(Kind.REFUSED, "Nothing can move: no target is configured"));
    }

    private static OptionalLong expected(RoutingContext context) {
        return Epoch.expectedBy(context.request().getHeader(HttpHeaders.IF_MATCH));
    }

    private static boolean isForced(JsonBody body, By by) {
        if (!body.flag("force")) {
            return false;
        }
        if (by.reason().isEmpty()) {
            throw JsonBody.malformed("'force' may lose writes, so it needs a 'reason', which is kept");
        }
        if (body.text("to") != null) {
            throw JsonBody.malformed("With 'force' the groups end in stage shadow: leave out 'to'");
        }
        return true;
    }

    private static Stage to(JsonBody body) {
        @Nullable String label = body.text("to");
        return label == null
                ? Stage.SHADOW
                : Stage.byLabel(label).orElseThrow(() -> JsonBody.malformed("There is no stage '" + label + "'"));
    }

    private static void answer(RoutingContext context, Future<Begun> asked) {
        asked.onSuccess(begun -> answer(context, begun)).onFailure(context::fail);
    }

    private static void answer(RoutingContext context, Begun begun) {
        if (begun instanceof Started started) {
            context.response()
                    .setStatusCode(202)
                    .putHeader(
                            HttpHeaders.LOCATION,
                            "/api/operations/" + started.work().id());
            JsonResponse.send(context, GetOperations.view(started.work()));
        } else if (begun instanceof Stale stale) {
            context.fail(PatchRepository.stale(stale.expectedEpoch(), stale.currentEpoch()));
        } else if (begun instanceof UnknownRepository unknown) {
            context.fail(GetRepository.unknown(unknown.repository()));
        } else {
            context.fail(new Problem(Kind.REFUSED, ((Refused) begun).reason()));
        }
    }
}
