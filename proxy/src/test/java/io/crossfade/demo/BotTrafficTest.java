package io.crossfade.demo;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.crossfade.migration.Side;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BotTrafficTest {
    private static final int CALLS = 400;

    private record Arrived(String line, MultiMap headers) {}

    private final Vertx vertx = Vertx.vertx();
    private final Queue<Arrived> arrived = new ConcurrentLinkedQueue<>();
    private final CountDownLatch enough = new CountDownLatch(CALLS);

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void requestsLookLikeThoseOfTheClientLibrary() throws Exception {
        assertThat(traffic(200).errors()).isZero();
        assertThat(headers("GET /rest/v1/bookings?select=*&yclients_record_id=eq.1430000037"))
                .contains(
                        entry("accept", "application/vnd.pgrst.object+json"),
                        entry("accept-profile", "public"),
                        entry("apikey", "the-key"),
                        entry("authorization", "Bearer the-key"),
                        entry("x-client-info", "supabase-js-node/2.57.0"))
                .doesNotContainKeys("content-profile", "prefer");
        assertThat(headers("PATCH /rest/v1/bookings?yclients_record_id=eq.1430000037"))
                .contains(entry("content-profile", "public"), entry("content-type", "application/json"))
                .doesNotContainKeys("accept-profile", "prefer");
        assertThat(headers("POST /rest/v1/dialog_contexts?on_conflict=user_id&select=*"))
                .contains(entry("prefer", "resolution=merge-duplicates, return=representation"));
    }

    @Test
    void callsAreCountedByTheSideThatAnswered() throws Exception {
        TrafficTally tally = traffic(200);
        TrafficTally.Repository bookings = requireNonNull(tally.repositories().get("bookings"));
        assertThat(bookings.answeredBy(Side.LEGACY)).isPositive();
        assertThat(bookings.answeredBy(Side.TARGET)).isPositive();
        assertThat(tally.answeredBy(Side.LEGACY) + tally.answeredBy(Side.TARGET))
                .isEqualTo(tally.calls());
    }

    @Test
    void eachRunMakesTheSameCallsInTheSameOrder() {
        BotDay one = new BotDay(7);
        BotDay other = new BotDay(7);
        for (int call = 0; call < CALLS; call++) {
            assertThat(one.next().path()).isEqualTo(other.next().path());
        }
    }

    @Test
    void mostCallsAreTheMonitors() {
        BotDay day = new BotDay(7);
        long ofTheMonitor = 0;
        for (int call = 0; call < CALLS; call++) {
            ofTheMonitor += day.next().repository().startsWith("booking") ? 1 : 0;
        }
        assertThat(ofTheMonitor).isBetween(CALLS / 2L, CALLS - 40L);
    }

    @Test
    void aMissingRowIsNoErrorButARefusalIs() throws Exception {
        TrafficTally notFound = traffic(406);
        // What asks for one row takes 406 for "not found"; what asks for many must never see it.
        TrafficTally.Repository bookings =
                requireNonNull(notFound.repositories().get("bookings"));
        assertThat(bookings.errors()).isPositive().isLessThan(bookings.calls());
        assertThat(notFound.firstError()).startsWith("PATCH bookings?yclients_record_id=eq.1430000037: 406");
    }

    @Test
    void aProxyThatIsGoneIsAnErrorAndTheTrafficGoesOn() throws Exception {
        HttpServer server = serve(200);
        int port = server.actualPort();
        server.close().await(5, SECONDS);
        SupabaseClient client = new SupabaseClient(vertx, port, "the-key", 1);
        BotTraffic traffic = new BotTraffic(vertx, client, 100_000);
        traffic.start();
        while (traffic.tally().errors() < 5) {
            Thread.onSpinWait();
        }
        traffic.stop().await(5, SECONDS);
        assertThat(traffic.tally().statuses()).containsOnlyKeys("no answer");
    }

    @Test
    void aSlowTrafficStopsWithoutWaitingForItsNextCall() throws Exception {
        SupabaseClient client = new SupabaseClient(vertx, serve(200).actualPort(), "the-key", 1);
        BotTraffic traffic = new BotTraffic(vertx, client, 0.001);
        traffic.start();
        while (traffic.tally().calls() < 1) {
            Thread.onSpinWait();
        }
        traffic.stop().await(5, SECONDS);
        assertThat(traffic.tally().calls()).isEqualTo(1);
    }

    private TrafficTally traffic(int status) throws Exception {
        SupabaseClient client = new SupabaseClient(vertx, serve(status).actualPort(), "the-key", 1);
        BotTraffic traffic = new BotTraffic(vertx, client, 100_000);
        traffic.start();
        assertThat(enough.await(20, SECONDS)).isTrue();
        traffic.stop().await(5, SECONDS);
        assertThat(traffic.tally().calls()).isGreaterThanOrEqualTo(CALLS);
        return traffic.tally();
    }

    private HttpServer serve(int status) throws Exception {
        return vertx.createHttpServer()
                .requestHandler(request -> answer(request, status))
                .listen(0, "127.0.0.1")
                .await(5, SECONDS);
    }

    private void answer(HttpServerRequest request, int status) {
        arrived.add(new Arrived(request.method() + " " + request.uri(), request.headers()));
        enough.countDown();
        String side = request.method().equals(HttpMethod.GET) ? "target" : "legacy";
        request.response()
                .putHeader("X-Crossfade-Side", side)
                .setStatusCode(status)
                .end()
                .onFailure(Throwable::printStackTrace);
    }

    private Map<String, String> headers(String line) {
        Arrived request = arrived.stream()
                .filter(one -> one.line().equals(line))
                .findFirst()
                .orElseThrow();
        Map<String, String> headers = new HashMap<>();
        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        return headers;
    }
}
