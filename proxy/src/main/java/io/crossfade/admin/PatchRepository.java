package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.guard.RolloutGuard;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Change;
import io.crossfade.rollout.ChangeResult;
import io.crossfade.rollout.ChangeResult.Changed;
import io.crossfade.rollout.ChangeResult.Refused;
import io.crossfade.rollout.ChangeResult.Stale;
import io.crossfade.rollout.ChangeResult.UnknownRepository;
import io.crossfade.rollout.Rollouts;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code PATCH /api/repositories/{name}}: moves a repository and its group. With {@code If-Match} it does so only if
 * nothing was changed since that epoch.
 */
final class PatchRepository implements Handler<RoutingContext> {
    /** The largest body, in bytes. */
    static final int MAX_BODY = 64 * 1024;

    private final Rollouts rollouts;
    private final RolloutGuard guard;
    private final RepositoryView view;

    PatchRepository(Rollouts rollouts, RolloutGuard guard, RepositoryView view) {
        this.rollouts = rollouts;
        this.guard = guard;
        this.view = view;
    }

    @Override
    public void handle(RoutingContext context) {
        requireJson(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
        OptionalLong expected = Epoch.expectedBy(context.request().getHeader(HttpHeaders.IF_MATCH));
        String json = context.body().asString();
        ChangeBody body = ChangeBody.read(json == null ? "" : json);
        String name = context.pathParam("name");
        By by = new By("operator", body.reason(), body.overrides());
        Change change = body.change();
        Future<ChangeResult> result =
                change == null ? startRamp(name, expected, by) : rollouts.change(name, change, expected, by);
        result.map(PatchRepository::changedOrThrow)
                .onSuccess(changed -> answer(context, name, changed))
                .onFailure(context::fail);
    }

    private Future<ChangeResult> startRamp(String name, OptionalLong expected, By by) {
        if (!rollouts.names().contains(name)) {
            return Future.succeededFuture(new UnknownRepository(name));
        }
        return guard.startRamp(name, expected, by);
    }

    private void answer(RoutingContext context, String name, Changed changed) {
        JsonArray moved = new JsonArray(new TreeSet<>(changed.moved()).stream().toList());
        long epoch = changed.table().epoch();
        view.of(name, changed.table())
                .onSuccess(seen ->
                        JsonResponse.send(context, seen.put("epoch", epoch).put("moved", moved), epoch))
                .onFailure(context::fail);
    }

    private static void requireJson(@Nullable String contentType) {
        if (contentType != null && !contentType.matches("(?i)\\s*application/([a-z.-]+\\+)?json\\s*(;.*)?")) {
            throw new Problem(Kind.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json, not " + contentType);
        }
    }

    private static Changed changedOrThrow(ChangeResult result) {
        if (result instanceof Changed changed) {
            return changed;
        }
        if (result instanceof Stale stale) {
            throw new Problem(
                    Kind.STALE_EPOCH,
                    "The change was based on epoch " + stale.expectedEpoch() + ", and the epoch is now "
                            + stale.currentEpoch() + ": look again, then repeat it");
        }
        if (result instanceof UnknownRepository unknown) {
            throw GetRepository.unknown(unknown.repository());
        }
        throw new Problem(Kind.REFUSED, ((Refused) result).reason());
    }
}
