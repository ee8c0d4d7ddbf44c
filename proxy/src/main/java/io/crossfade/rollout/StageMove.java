package io.crossfade.rollout;

import io.crossfade.migration.Stage;
import io.vertx.core.Future;
import java.util.Set;

/**
 * What has to be done in the databases when a group moves from one stage to another. The route table changes in between:
 * calls follow the old stage until the preparation is done, and the new one before anything is taken away.
 */
public interface StageMove {
    /** Nothing is to be done: for stages that differ in routing alone. */
    StageMove NONE = new StageMove() {
        @Override
        public Future<Void> prepare(Set<String> repositories, Stage from, Stage to) {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> cleanUp(Set<String> repositories, Stage from, Stage to) {
            return Future.succeededFuture();
        }
    };

    /**
     * Does what must hold before any call is routed by the new stage.
     *
     * @return fails with a sentence for the operator where it cannot be done; then the stage stays
     */
    Future<Void> prepare(Set<String> repositories, Stage from, Stage to);

    /** Takes away what the new stage does not need any more; the stage has changed, whatever comes of this. */
    Future<Void> cleanUp(Set<String> repositories, Stage from, Stage to);
}
