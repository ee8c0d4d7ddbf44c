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

/**
 * {@code PATCH /api/repositories/{name}}: moves a repository and its group. With {@code If-Match} it does so only if
 * nothing was changed since that epoch.
 */
final class PatchRepository implements Handler<RoutingContext> {
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
        OptionalLong expected = Epoch.expectedBy(context.request().getHeader(HttpHeaders.IF_MATCH));
        ChangeBody body = ChangeBody.of(context);
        String name = context.pathParam("name");
        Change change = body.change();
        Future<ChangeResult> result = change == null
                ? startRamp(name, expected, body.by())
                : rollouts.change(name, change, expected, body.by());
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

    private static Changed changedOrThrow(ChangeResult result) {
        if (result instanceof Changed changed) {
            return changed;
        }
        if (result instanceof Stale stale) {
            throw stale(stale.expectedEpoch(), stale.currentEpoch());
        }
        if (result instanceof UnknownRepository unknown) {
            throw GetRepository.unknown(unknown.repository());
        }
        throw new Problem(Kind.REFUSED, ((Refused) result).reason());
    }

    /** Somebody else was faster. */
    static Problem stale(long expected, long current) {
        return new Problem(
                Kind.STALE_EPOCH,
                "The change was based on epoch " + expected + ", and the epoch is now " + current
                        + ": look again, then repeat it");
    }
}
