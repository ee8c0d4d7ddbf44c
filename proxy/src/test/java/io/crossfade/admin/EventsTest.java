package io.crossfade.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.admin.AdminClient.Answer;
import io.crossfade.rollout.RolloutFixture;
import io.crossfade.testing.CanIgnoreReturnValue;
import io.crossfade.work.RunningWork;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What listeners are told. */
class EventsTest {
    private final Vertx vertx = Vertx.vertx();
    private final AdminFixture fixture = new AdminFixture(vertx, observation -> {});
    private final List<Socket> sockets = new ArrayList<>();
    private AdminClient admin;
    private int port;

    @BeforeEach
    void open() throws Exception {
        port = fixture.open(RolloutFixture.twoSides(Map.of()).admin(), RolloutFixture.twoSides(Map.of()));
        admin = new AdminClient(port, RolloutFixture.TOKEN);
    }

    @AfterEach
    void close() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void theStatusComesAtOnceAndThenAgainAndAgain() throws Exception {
        BufferedReader events = listen("Authorization: Bearer " + RolloutFixture.TOKEN);

        for (int i = 0; i < 3; i++) {
            JsonObject status = next(events, "status");
            assertThat(status.getJsonObject("status").getString("version")).isEqualTo("1.2.3");
            assertThat(status.getJsonObject("repositories").getJsonArray("repositories"))
                    .hasSize(1);
        }
    }

    @Test
    void aMoveAndEveryStepOfLongWorkAreToldWhenTheyHappen() throws Exception {
        BufferedReader events = listen("Authorization: Bearer " + RolloutFixture.TOKEN);
        next(events, "status");

        assertThat(admin.patch("/api/repositories/clients", "{\"stage\":\"dual-write\"}")
                        .status())
                .isEqualTo(200);
        assertThat(next(events, "state")
                        .getJsonArray("repositories")
                        .getJsonObject(0)
                        .getString("stage"))
                .isEqualTo("dual-write");

        RunningWork work = fixture.works().begin("cutover", Set.of("clients"), "anna");
        work.step("hold");
        assertThat(next(events, "work").getJsonArray("steps")).isEmpty();
        assertThat(next(events, "work").getJsonArray("steps").getJsonObject(0).getString("name"))
                .isEqualTo("hold");
        work.done("moved");
        assertThat(next(events, "work").getString("outcome")).isEqualTo("moved");
    }

    @Test
    void aListenerIsLetGoWhenItsSessionEnds() throws Exception {
        Answer session = admin.send("POST", "/api/session", "{\"token\":\"" + RolloutFixture.TOKEN + "\"}");
        String cookie = session.header("set-cookie").replaceAll(";.*", "");
        BufferedReader events = listen("Cookie: " + cookie);
        next(events, "status");

        Answer out = admin.send(
                "DELETE",
                "/api/session",
                null,
                "cookie",
                cookie,
                "origin",
                "http://127.0.0.1:" + port,
                "X-Crossfade-CSRF",
                session.json().getString("csrf"));

        assertThat(out.status()).isEqualTo(204);
        assertEnds(events);
    }

    @Test
    void whoMayNotLookMayNotListen() {
        assertThat(admin.send("GET", "/api/events", null).status()).isEqualTo(401);
    }

    @Test
    void onlySoManyMayListen() throws Exception {
        for (int i = 0; i < Events.MOST; i++) {
            next(listen("Authorization: Bearer " + RolloutFixture.TOKEN), "status");
        }

        Answer answer = admin.get("/api/events");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().getString("type")).isEqualTo("urn:crossfade:problem:too-many-listeners");
        sockets.get(0).close();
        for (Answer again = admin.get("/api/status"); listeners() == Events.MOST; again = admin.get("/api/status")) {
            assertThat(again.status()).isEqualTo(200);
        }
        next(listen("Authorization: Bearer " + RolloutFixture.TOKEN), "status");
    }

    @Test
    void whoReadsTooSlowlyIsLetGo() throws Exception {
        listen("Authorization: Bearer " + RolloutFixture.TOKEN);
        RunningWork work = fixture.works().begin("rehearse", Set.of("clients"), "anna");
        work.step("a step");
        while (listeners() > 0) {
            work.detail("x".repeat(100_000));
            // One answered request later the event loop has written what there was to write.
            assertThat(admin.get("/api/status").status()).isEqualTo(200);
        }
    }

    @Test
    void aShutdownEndsEveryStream() throws Exception {
        BufferedReader events = listen("Authorization: Bearer " + RolloutFixture.TOKEN);
        next(events, "status");

        vertx.close().await(10, TimeUnit.SECONDS);

        assertEnds(events);
    }

    private int listeners() throws Exception {
        return fixture.listeners();
    }

    /** Speaks HTTP by hand, because a client would read ahead. */
    @CanIgnoreReturnValue
    private BufferedReader listen(String header) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        socket.getOutputStream()
                .write(("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n" + header + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
        return lines;
    }

    @CanIgnoreReturnValue
    private static JsonObject next(BufferedReader events, String name) throws IOException {
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            if (line.equals("event: " + name)) {
                return new JsonObject(events.readLine().substring("data: ".length()));
            }
        }
        throw new AssertionError("the stream ended before an event " + name);
    }

    private static void assertEnds(BufferedReader events) throws IOException {
        List<String> rest = new ArrayList<>();
        for (String line = events.readLine(); line != null && !line.equals("0"); line = events.readLine()) {
            rest.add(line);
        }
        assertThat(rest).doesNotContain("event: work");
    }
}
