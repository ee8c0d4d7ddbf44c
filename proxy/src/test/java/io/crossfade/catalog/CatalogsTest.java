package io.crossfade.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.settings.Settings;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatalogsTest {
    private static final long SECONDS = 20;
    private static final int CHANGES = 20;

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase database;
    private Sides sides;
    private Catalogs catalogs;

    @BeforeEach
    void open() throws Exception {
        database = PostgresServers.legacy().database(List.of());
        Settings settings = CrossfadeExtension.settings(database, database);
        sides = Sides.open(vertx, settings, observation -> {});
        catalogs = Catalogs.open(vertx, sides, settings.rest().schemas(), observation -> {})
                .await(SECONDS, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        catalogs.close().eventually(sides::close).eventually(vertx::close).await(SECONDS, TimeUnit.SECONDS);
        database.drop();
    }

    @Test
    void whatChangesWhileTheCatalogueIsBeingReadIsInTheNextReading() throws Exception {
        Database legacy = sides.find(Side.LEGACY).orElseThrow();
        for (int change = 0; change < CHANGES; change++) {
            Future<Void> underWay = catalogs.refresh(legacy);
            database.execute("CREATE TABLE changed_" + change + " (id integer)");
            catalogs.refresh(legacy).await(SECONDS, TimeUnit.SECONDS);
            assertThat(underWay.isComplete()).isTrue();
            assertThat(catalogs.of(Side.LEGACY).relation("public", "changed_" + change))
                    .isNotNull();
        }
    }
}
