package io.crossfade.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Answer;
import io.crossfade.call.Caller;
import io.crossfade.call.Outcome;
import io.crossfade.call.Query;
import io.crossfade.call.Read;
import io.crossfade.call.Repository;
import io.crossfade.catalog.Catalogs;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.ComparisonDropped;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
import io.crossfade.routing.Route;
import io.crossfade.routing.Shadows;
import io.crossfade.settings.ComparisonSettings;
import io.crossfade.settings.Settings;
import io.crossfade.sides.Sides;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A comparison that goes wrong takes nothing with it. */
class ComparerTest {
    @Test
    void aComparisonThatThrowsGivesItsPlaceBackAndIsToldOf() {
        Vertx vertx = Vertx.vertx();
        TestDatabase legacy = PostgresServers.legacy().database(List.of());
        TestDatabase target = PostgresServers.target().database(List.of());
        Settings settings = CrossfadeExtension.settings(legacy, target).with(ComparisonSettings.DEFAULTS.failing());
        List<Observation> told = new CopyOnWriteArrayList<>();
        Observer observer = told::add;
        Sides sides = Sides.open(vertx, settings, observer);
        Catalogs catalogs =
                Catalogs.open(vertx, sides, List.of("public"), observer).await();
        Comparer comparer = new Comparer(
                vertx,
                settings,
                sides,
                catalogs,
                Shadows.NONE,
                () -> {
                    throw new IllegalStateException("there is no table");
                },
                Mismatch.Sink.NONE,
                observer);
        Read read = new Read(
                Repository.ofDefaultSchema("public", "clients"),
                new Caller(null, "someone"),
                Query.EVERYTHING,
                Answer.ROWS);
        Route route = new Route(Side.LEGACY, null, true, Stage.SHADOW, Route.Reason.STAGE);

        Future<Void> compared =
                comparer.compare(read, route, Future.succeededFuture(Outcome.ofRows(Buffer.buffer("[]"), 0, null)), 1);
        compared.timeout(30, TimeUnit.SECONDS).await();

        assertThat(comparer.inFlight()).isZero();
        assertThat(told)
                .hasAtLeastOneElementOfType(Unexpected.class)
                .contains(new ComparisonDropped("clients", "fault", null));

        comparer.close().await();
        catalogs.close().await();
        sides.close().await();
        vertx.close().await();
        legacy.drop();
        target.drop();
    }
}
