package io.crossfade.rollout;

import io.crossfade.migration.Stage;
import io.crossfade.shadow.Shadowing;
import io.vertx.core.Future;
import java.util.Set;

/** Has a group shadowed from its first stage that needs it to its last. */
public final class ShadowMove implements StageMove {
    private final Shadowing shadowing;

    public ShadowMove(Shadowing shadowing) {
        this.shadowing = shadowing;
    }

    @Override
    public Future<Void> prepare(Set<String> repositories, Stage from, Stage to) {
        return to.needsShadow() && !from.needsShadow() ? shadowing.begin(repositories) : Future.succeededFuture();
    }

    @Override
    public Future<Void> cleanUp(Set<String> repositories, Stage from, Stage to) {
        return from.needsShadow() && !to.needsShadow() ? shadowing.end(repositories) : Future.succeededFuture();
    }
}
