package io.crossfade.comparison;

import io.crossfade.catalog.Catalogs;
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
        Observer observer) {}
