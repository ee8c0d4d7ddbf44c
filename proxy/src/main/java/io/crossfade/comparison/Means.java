package io.crossfade.comparison;

import io.crossfade.call.Read;
import io.crossfade.catalog.Catalogs;
import io.crossfade.comparison.answers.Reading;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observer;
import io.crossfade.routing.RouteTable;
import io.crossfade.routing.Shadows;
import io.crossfade.settings.ComparisonSettings;
import io.vertx.core.WorkerExecutor;
import java.util.function.Supplier;

/** What every comparison uses. */
record Means(
        ComparisonSettings settings,
        Policy policy,
        Asking asking,
        Catalogs catalogs,
        Shadows shadows,
        Supplier<RouteTable> table,
        WorkerExecutor worker,
        InFlight inFlight,
        Noise noise,
        Mismatch.Sink sink,
        Rechecks rechecks,
        Observer observer) {
    /** How two answers to this read are understood. */
    Reading reading(Read read, Side authority, String shape) {
        return Reading.of(
                read,
                catalogs.find(authority),
                catalogs.find(authority.other()),
                policy.rules(read.repository().name()),
                noise.of(shape));
    }

    /** Whether the shadow of the repository is known to show a true state of the authority. */
    boolean hasTrueShadow(String repository, Side authority) {
        Shadows.Group group = shadows.of(repository, authority);
        return group != null && group.showsTrueState();
    }
}
