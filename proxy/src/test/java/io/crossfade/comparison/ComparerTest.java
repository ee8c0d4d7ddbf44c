package io.crossfade.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Answer;
import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A comparison that goes wrong takes nothing with it. */
class ComparerTest {
    private final Vertx vertx = Vertx.vertx();
    private final TestDatabase legacy = PostgresServers.legacy().database(List.of());
    private final TestDatabase target = PostgresServers.target().database(List.of());
    private final List<Observation> told = new CopyOnWriteArrayList<>();
    private final Settings settings =
            CrossfadeExtension.settings(legacy, target).with(ComparisonSettings.DEFAULTS.failing());
    private final Sides sides = Sides.open(vertx, settings, told::add);
    private final Catalogs catalogs =
            Catalogs.open(vertx, sides, List.of("public"), told::add).await();
    private final Comparer comparer = new Comparer(
            vertx,
            settings,
            sides,
            catalogs,
            Shadows.NONE,
            () -> {
                throw new IllegalStateException("there is no table");
            },
            Mismatch.Sink.NONE,
            told::add);

    @AfterEach
    void close() {
        comparer.close().await();
        catalogs.close().await();
        sides.close().await();
        vertx.close().await();
        legacy.drop();
        target.drop();
    }

    @Test
    void aComparisonThatThrowsGivesItsPlaceBackAndIsToldOf() {
        compare("clients", Future.succeededFuture(Outcome.ofRows(Buffer.buffer("[]"), 0, null)));

        assertThat(comparer.inFlight()).isZero();
        assertThat(told)
                .hasAtLeastOneElementOfType(Unexpected.class)
                .contains(new ComparisonDropped("clients", "fault", null));
    }

    @Test
    void aNameThatNoSideHasIsNotToldWhereItIsNotCompared() {
        compare("phone79995550142", Future.failedFuture(new CallFailure(Code.PGRST205, "no such table", null, null)));

        assertThat(told).contains(new ComparisonDropped("unknown", "fault", null));
        assertThat(told.toString()).doesNotContain("79995550142");
    }

    private void compare(String repository, Future<Outcome> answer) {
        Read read = new Read(
                Repository.ofDefaultSchema("public", repository),
                new Caller(null, "someone"),
                Query.EVERYTHING,
                Answer.ROWS);
        Route route = new Route(Side.LEGACY, null, true, Stage.SHADOW, Route.Reason.STAGE);
        comparer.compare(read, route, answer, 1).timeout(30, TimeUnit.SECONDS).await();
    }
}
