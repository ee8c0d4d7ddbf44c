package io.crossfade.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migration.Side;
import io.crossfade.sides.Sides;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SideSessionTest {
    private static final long SECONDS = 20;
    private static final String IN_TRANSACTION = "SELECT FROM pg_stat_activity WHERE datname = current_database()"
            + " AND state LIKE 'idle in transaction%'";

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase legacy;
    private TestDatabase target;
    private Sides sides;

    @BeforeEach
    void open() {
        legacy = PostgresServers.legacy().database(List.of("CREATE TABLE notes (id integer PRIMARY KEY)"));
        target = PostgresServers.target().database(List.of());
        sides = Sides.open(vertx, CrossfadeExtension.settings(legacy, target), observation -> {});
    }

    @AfterEach
    void close() throws Exception {
        sides.close().eventually(vertx::close).await(SECONDS, TimeUnit.SECONDS);
        legacy.drop();
        target.drop();
    }

    @Test
    void workThatWasGivenUpIsNotCommittedWhenItEndsAfterAll() throws Exception {
        SideSession session =
                await(SideSession.open(vertx, sides.find(Side.LEGACY).orElseThrow(), Duration.ofMillis(200)));
        Promise<Void> slow = Promise.promise();
        Future<Void> transaction = session.inTransaction(connection ->
                connection.query("INSERT INTO notes VALUES (1)").execute().compose(inserted -> slow.future()));
        assertThatThrownBy(() -> await(transaction)).hasMessageContaining("200");
        slow.complete();
        awaitNoTransaction();
        assertThat(legacy.number("SELECT count(*) FROM notes")).isZero();
        await(session.close());
    }

    @Test
    void workThatEndsInTimeIsCommitted() throws Exception {
        SideSession session =
                await(SideSession.open(vertx, sides.find(Side.LEGACY).orElseThrow(), Duration.ofSeconds(SECONDS)));
        var unused = await(session.inTransaction(
                connection -> connection.query("INSERT INTO notes VALUES (1)").execute()));
        assertThat(legacy.number("SELECT count(*) FROM notes")).isOne();
        await(session.close());
    }

    private void awaitNoTransaction() {
        Instant deadline = Instant.now().plusSeconds(SECONDS);
        while (!legacy.rows(IN_TRANSACTION).isEmpty()) {
            assertThat(Instant.now()).as("the transaction ends").isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(SECONDS, TimeUnit.SECONDS);
    }
}
