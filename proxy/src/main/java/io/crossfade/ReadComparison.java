package io.crossfade;

import io.crossfade.catalog.Catalogs;
import io.crossfade.comparison.Comparer;
import io.crossfade.comparison.Mismatch;
import io.crossfade.execution.Comparing;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.Shadowing;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Comparing reads, put together for one proxy. With one database it is nothing. */
final class ReadComparison {
    private final @Nullable Comparer comparer;

    ReadComparison(
            Vertx vertx,
            Settings settings,
            Sides sides,
            Catalogs catalogs,
            Shadowing shadowing,
            Rollouts rollouts,
            Mismatch.Sink sink,
            Observer observer) {
        this.comparer = settings.target() == null
                ? null
                : new Comparer(vertx, settings, sides, catalogs, shadowing, rollouts::current, sink, observer);
    }

    Comparing comparing() {
        return comparer == null ? Comparing.NONE : comparer;
    }

    Optional<Comparer> comparer() {
        return Optional.ofNullable(comparer);
    }

    Future<Void> close() {
        return comparer == null ? Future.succeededFuture() : comparer.close();
    }
}
