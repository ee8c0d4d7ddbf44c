package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.audit.AuditLog;
import io.crossfade.migration.Stage;
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
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code PATCH /api/repositories/{name}}: moves a repository and its group. With {@code If-Match} it does so only if
 * nothing was changed since that epoch.
 */
final class PatchRepository implements Handler<RoutingContext> {
    private final Rollouts rollouts;
    private final RepositoryView view;
    private final AuditLog audit;

    PatchRepository(Rollouts rollouts, RepositoryView view, AuditLog audit) {
        this.rollouts = rollouts;
        this.view = view;
        this.audit = audit;
    }

    @Override
    public void handle(RoutingContext context) {
        OptionalLong expected = Epoch.expectedBy(context.request().getHeader(HttpHeaders.IF_MATCH));
        ChangeBody wanted = ChangeBody.of(context);
        String name = context.pathParam("name");
        overrideTold(name, wanted)
                .compose(told -> rollouts.change(name, wanted.change(), expected, wanted.by()))
                .map(PatchRepository::changedOrThrow)
                .onSuccess(changed -> answer(context, name, changed))
                .onFailure(context::fail);
    }

    /** The change itself tells nothing of gates; what overrides one is written down before it is tried. */
    private Future<Void> overrideTold(String name, ChangeBody wanted) {
        @Nullable Stage stage = wanted.change().stage();
        return wanted.by().overrides()
                ? Audited.first(audit.append(
                        wanted.by().operator(),
                        rollouts.current().of(name).group(),
                        "override",
                        new JsonObject().put("repository", name).put("stage", stage == null ? null : stage.label()),
                        wanted.by().reason()))
                : Future.succeededFuture();
    }

    private void answer(RoutingContext context, String name, Changed changed) {
        JsonObject body = view.of(name, changed.table())
                .put("epoch", changed.table().epoch())
                .put(
                        "moved",
                        new JsonArray(new TreeSet<>(changed.moved()).stream().toList()));
        JsonResponse.send(context, body, changed.table().epoch());
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
