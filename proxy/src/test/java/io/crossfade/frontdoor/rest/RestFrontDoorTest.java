package io.crossfade.frontdoor.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.catalog.Catalogs;
import io.crossfade.execution.CallServer;
import io.crossfade.execution.Comparing;
import io.crossfade.execution.Executor;
import io.crossfade.execution.Holds;
import io.crossfade.execution.fresh.Freshness;
import io.crossfade.gates.Gates;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.rollout.RepositoryNames;
import io.crossfade.rollout.Rollouts;
import io.crossfade.routing.Shadows;
import io.crossfade.settings.RestSettings;
import io.crossfade.settings.Settings;
import io.crossfade.sides.Sides;
import io.crossfade.state.RememberedStates;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.RawConnection;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A front door that can hold one body at a time, before a database of its own. */
class RestFrontDoorTest {
    private static final long SECONDS = 20;
    private static final int MOST_BYTES = 10_000;

    private final Vertx vertx = Vertx.vertx();
    private final Queue<Throwable> unhandled = new ConcurrentLinkedQueue<>();
    private TestDatabase database;
    private Sides sides;
    private Catalogs catalogs;
    private String url;

    @BeforeEach
    void open() throws Exception {
        vertx.exceptionHandler(unhandled::add);
        database = PostgresServers.legacy().database(List.of("CREATE TABLE items (id integer PRIMARY KEY)"));
        Settings settings = CrossfadeExtension.settings(database, database);
        RestSettings rest = withSmallBodies(settings.rest());
        sides = Sides.open(vertx, settings, this::observe);
        catalogs = Catalogs.open(vertx, sides, settings.rest().schemas(), this::observe)
                .await(SECONDS, TimeUnit.SECONDS);
        Rollouts rollouts = new Rollouts(
                settings,
                new RepositoryNames(catalogs, settings.rest()),
                false,
                new RememberedStates(),
                Gates.NONE,
                this::observe);
        CallServer calls = new CallServer(
                rollouts::current,
                new Executor(sides, catalogs),
                new Freshness(vertx, Shadows.NONE, catalogs, Duration.ofSeconds(30), this::observe),
                new Holds(vertx, rollouts::current, Duration.ofSeconds(5)),
                Comparing.NONE,
                () -> {},
                this::observe);
        RestFrontDoor door = new RestFrontDoor(rest, calls, this::observe, 0, Duration.ofSeconds(30));
        assertThat(vertx.deployVerticle(door).await(SECONDS, TimeUnit.SECONDS)).isNotEmpty();
        url = "http://127.0.0.1:" + door.port();
    }

    @AfterEach
    void close() throws Exception {
        catalogs.close().eventually(sides::close).eventually(vertx::close).await(SECONDS, TimeUnit.SECONDS);
        database.drop();
        assertThat(unhandled).isEmpty();
    }

    @Test
    void aCallerWhoLeavesWhileItWaitsHoldsUpNobody() throws Exception {
        try (RawConnection slow = new RawConnection(url);
                RawConnection other = new RawConnection(url)) {
            slow.sendOnly("POST /rest/v1/items HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\n{\"id\"");
            awaitArrival(other);
            try (RawConnection waiting = new RawConnection(url)) {
                waiting.sendOnly("POST /rest/v1/items HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\n{\"id\"");
                awaitArrival(other);
            }
            awaitArrival(other);
            slow.sendOnly(":1}");

            assertThat(other.send("GET", "/rest/v1/items", "", new byte[0]).body())
                    .isEqualTo("[{\"id\":1}]");
        }
    }

    @Test
    void aCallerWhoSendsFarTooMuchIsToldThatTheConnectionEnds() throws Exception {
        try (RawConnection connection = new RawConnection(url)) {
            RawConnection.Answer refused =
                    connection.send("POST", "/rest/v1/items", "", new byte[MOST_BYTES * 8 + 100_000]);
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.closes()).isTrue();
        }
    }

    @Test
    void aCallerWhoAsksBeforeItSendsABodyIsToldToGoOn() throws Exception {
        try (RawConnection connection = new RawConnection(url)) {
            String headers = "Host: localhost\r\nContent-Length: 8\r\nExpect: 100-continue\r\n";
            connection.sendOnly("POST /rest/v1/items HTTP/1.1\r\n" + headers + "\r\n");
            assertThat(connection.answer().status()).isEqualTo(100);
            connection.sendOnly("{\"id\":2}");
            assertThat(connection.answer().status()).isEqualTo(201);
        }
    }

    private static RestSettings withSmallBodies(RestSettings usual) {
        return new RestSettings(
                usual.host(),
                usual.port(),
                usual.schemas(),
                usual.extraSearchPath(),
                usual.maxRows(),
                usual.serviceKeys(),
                MOST_BYTES);
    }

    /** Everything runs on one event loop: after two answers it has read all that was sent before. */
    private static void awaitArrival(RawConnection connection) throws IOException {
        for (int turn = 0; turn < 2; turn++) {
            assertThat(connection.send("GET", "/elsewhere", "", new byte[0]).status())
                    .isEqualTo(404);
        }
    }

    private void observe(Observation observation) {
        if (observation instanceof Unexpected unexpected) {
            unhandled.add(unexpected.error());
        }
    }
}
