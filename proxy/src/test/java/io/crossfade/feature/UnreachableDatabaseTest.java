package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers see while a database is away, and that they need do nothing when it is back. */
class UnreachableDatabaseTest {
    private final Vertx vertx = Vertx.vertx();
    private TestDatabase legacy;
    private TestDatabase target;
    private TcpRelay wire;
    private Crossfade crossfade;

    @BeforeEach
    void start() {
        List<String> tables = List.of("CREATE TABLE items (id integer PRIMARY KEY); INSERT INTO items VALUES (1)");
        legacy = PostgresServers.legacy().database(tables);
        target = PostgresServers.target().database(tables);
        wire = new TcpRelay(legacy.connectOptions());
    }

    @AfterEach
    void stop() {
        crossfade.close().await();
        vertx.close().await();
        wire.close();
        legacy.drop();
        target.drop();
    }

    @Test
    void callsFailWhileTheAuthorityIsAwayAndSucceedWhenItIsBack() {
        open(wire.connectOptions(), target.connectOptions());
        read().expectStatus(200);
        wire.cut();
        RestResponse failed = read().expectError(503, "CF503");
        assertThat(failed.header("Retry-After")).isEqualTo("1");
        await("the proxy says that it is not ready", () -> ready() == 503);
        wire.restore();
        await("a read is answered again", () -> read().status() == 200);
        await("the proxy is ready again", () -> ready() == 200);
    }

    @Test
    void aProxyStartsBeforeItsDatabaseDoes() {
        wire.cut();
        open(wire.connectOptions(), target.connectOptions());
        read().expectError(503, "PGRST002");
        wire.restore();
        await("a read is answered", () -> read().status() == 200);
    }

    @Test
    void namesThatNoCatalogueConfirmsMakeNoMetrics() {
        wire.cut();
        open(wire.connectOptions(), target.connectOptions());
        rest().get("/made_up_by_the_caller?select=id").expectError(503, "PGRST002");
        RestResponse metrics = new RestClient("http://127.0.0.1:" + crossfade.adminPort()).get("/metrics");
        assertThat(metrics.body()).contains("repository=\"unknown\"").doesNotContain("made_up_by_the_caller");
    }

    @Test
    void aTargetThatIsAwayIsNotNoticed() {
        wire.close();
        wire = new TcpRelay(target.connectOptions());
        wire.cut();
        open(legacy.connectOptions(), wire.connectOptions());
        read().expectStatus(200);
        assertThat(ready()).isEqualTo(200);
    }

    @Test
    void aCallOnAWireThatWentSilentEndsAndLaterOnesSucceed() {
        open(wire.connectOptions(), target.connectOptions());
        read().expectStatus(200);
        wire.silence();
        CompletableFuture<RestResponse> stuck =
                rest().request("GET", "/items?select=id").sendAsync();
        assertThat(stuck.join().status()).isIn(503, 504);
        wire.cut();
        wire.restore();
        await("a read is answered again", () -> read().status() == 200);
    }

    @Test
    void aCallIsOneRoundTripToTheDatabase() {
        open(wire.connectOptions(), target.connectOptions());
        for (int n = 0; n < 10; n++) {
            read().expectStatus(200);
            write(n).expectStatus(201);
        }
        long before = wire.sent();
        for (int n = 100; n < 150; n++) {
            read().expectStatus(200);
            write(n).expectStatus(201);
        }
        // A look at the database's health now and then comes on top; a second round trip for each call would double it.
        assertThat(wire.sent() - before).isBetween(100L, 150L);
    }

    private RestResponse write(int id) {
        return rest().post("/items", "{\"id\":" + (1000 + id) + "}");
    }

    private void open(PgConnectOptions atLegacy, PgConnectOptions atTarget) {
        Settings defaults = CrossfadeExtension.settings(legacy, target);
        Settings settings = new Settings(
                impatient(atLegacy),
                impatient(atTarget),
                defaults.rest(),
                defaults.admin(),
                defaults.repositories(),
                defaults.pins());
        crossfade = Crossfade.start(vertx, settings, false).await();
    }

    private static SideSettings impatient(PgConnectOptions connection) {
        return new SideSettings(
                connection,
                2,
                10,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                SideSettings.MAX_LIFETIME,
                SideSettings.PREPARED_STATEMENTS);
    }

    private RestResponse read() {
        return rest().get("/items?select=id");
    }

    private RestClient rest() {
        return new RestClient("http://127.0.0.1:" + crossfade.restPort() + "/rest/v1");
    }

    private int ready() {
        return new RestClient("http://127.0.0.1:" + crossfade.adminPort())
                .get("/health/ready")
                .status();
    }

    private static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
        }
    }
}
