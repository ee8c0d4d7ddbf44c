package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.migration.Stage;
import io.crossfade.settings.FreshnessSettings;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Two databases with counters, any number of proxies between them, and clients that read a counter, add one, and write it. */
final class CounterRig implements AutoCloseable {
    static final int COUNTERS = 16;

    final TestDatabase legacy;
    final TestDatabase target;
    final TcpRelay wireToTarget;
    final AtomicInteger readsOfTarget = new AtomicInteger();
    private final Vertx vertx = Vertx.vertx();
    private final List<Crossfade> proxies = new ArrayList<>();
    private final Settings settings;

    CounterRig(Stage stage, double rollout, FreshnessSettings freshness) {
        List<String> scripts = List.of("CREATE TABLE counters (id integer PRIMARY KEY, n integer NOT NULL);"
                + " INSERT INTO counters SELECT id, 0 FROM generate_series(1, " + COUNTERS + ") AS id");
        legacy = PostgresServers.legacy().database(scripts);
        target = PostgresServers.target().database(scripts);
        wireToTarget = new TcpRelay(target.connectOptions());
        Settings defaults = CrossfadeExtension.settings(legacy, target);
        settings = new Settings(
                defaults.legacy(),
                SideSettings.at(wireToTarget.connectOptions()),
                defaults.rest(),
                defaults.admin(),
                Map.of("counters", new RepositorySettings(null, List.of(), stage, rollout, Map.of()).with(freshness)),
                List.of());
        CrossfadeExtension.install(vertx, settings);
    }

    static FreshnessSettings fresh(Duration freshFor, Duration ackTimeout) {
        return new FreshnessSettings(null, ackTimeout, freshFor, FreshnessSettings.StaleReads.REFUSED);
    }

    /** Starts one more proxy. */
    RestClient proxy() {
        Crossfade proxy = Crossfade.start(vertx, settings, true).await();
        proxies.add(proxy);
        return new RestClient("http://127.0.0.1:" + proxy.restPort() + "/rest/v1");
    }

    /** Waits until the target answers a read of that counter. */
    void awaitTarget(RestClient proxy, int counter) {
        await("the target answers", () -> side(read(proxy, counter)).equals("target"));
    }

    static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
        }
    }

    RestResponse read(RestClient proxy, int counter) {
        return proxy.get("/counters?select=n&id=eq." + counter).expectStatus(200);
    }

    void write(RestClient proxy, int counter, int n) {
        proxy.patch("/counters?id=eq." + counter, "{\"n\":" + n + "}").expectStatus(204);
    }

    static String side(RestResponse response) {
        return response.header("X-Crossfade-Side");
    }

    static int number(RestResponse response) {
        return Integer.parseInt(response.body().replaceAll("\\D", ""));
    }

    /** How many reads had this reason, by the metrics of the first proxy. */
    double reads(String reason) {
        return new RestClient("http://127.0.0.1:" + proxies.get(0).adminPort())
                .get("/metrics")
                .body()
                .lines()
                .filter(line ->
                        line.startsWith("crossfade_routed_total{") && line.contains("reason=\"" + reason + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** All clients at once; each reads its counter and writes one more, so often, through the proxies in turn. */
    void count(int times, RestClient... through) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(COUNTERS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int counter = 1; counter <= COUNTERS; counter++) {
                int mine = counter;
                running.add(clients.submit(() -> {
                    for (int turn = 0; turn < times; turn++) {
                        RestResponse seen = read(through[(mine + turn) % through.length], mine);
                        if (side(seen).equals("target")) {
                            readsOfTarget.incrementAndGet();
                        }
                        write(through[(mine + turn + 1) % through.length], mine, number(seen) + 1);
                    }
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    /** What the authority has counted, all counters together. */
    long counted() {
        return legacy.number("SELECT sum(n) FROM counters");
    }

    @Override
    public void close() {
        proxies.forEach(proxy -> proxy.close().await());
        vertx.close().await();
        wireToTarget.close();
        legacy.drop();
        target.drop();
    }
}
