package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.cutover.Begun;
import io.crossfade.cutover.Begun.Started;
import io.crossfade.cutover.Cutovers;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.settings.AdminSettings;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.settings.OperatorSettings;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.crossfade.work.Work;
import io.crossfade.work.WorkState;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;

/** Two databases, any number of proxies between them, and writers that go on while authorities move. */
final class CutoverRig implements AutoCloseable {
    static final By OLGA = new By("olga", "this test is not about gates", true);

    private static final String TABLES = """
            CREATE TABLE clients (id serial PRIMARY KEY, writer integer NOT NULL, n integer NOT NULL, UNIQUE (writer, n));
            CREATE TABLE bookings (id serial PRIMARY KEY, client_id integer REFERENCES clients ON DELETE CASCADE);
            CREATE TABLE counters (id integer PRIMARY KEY, n integer NOT NULL);
            INSERT INTO counters SELECT id, 0 FROM generate_series(1, 32) AS id;
            CREATE FUNCTION count_up(which integer) RETURNS integer LANGUAGE sql
              AS 'UPDATE counters SET n = n + 1 WHERE id = which RETURNING n';""";

    final TestDatabase legacy;
    final TestDatabase target;
    final TcpRelay wireToLegacy;
    final TcpRelay wireToTarget;
    final Vertx vertx = Vertx.vertx();
    final Settings settings;
    private final List<Crossfade> proxies = new ArrayList<>();
    private final List<Thread> writers = new ArrayList<>();
    private final AtomicBoolean writing = new AtomicBoolean(true);
    private final AtomicInteger[] acknowledged = new AtomicInteger[32];
    final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    CutoverRig(CutoverSettings limits) {
        this(limits, List.of());
    }

    /** With more operators than the one who may do everything. */
    CutoverRig(CutoverSettings limits, List<OperatorSettings> operators) {
        legacy = PostgresServers.legacy().database(List.of(TABLES));
        target = PostgresServers.target().database(List.of(TABLES));
        wireToLegacy = new TcpRelay(legacy.connectOptions());
        wireToTarget = new TcpRelay(target.connectOptions());
        Settings usual = CrossfadeExtension.settings(legacy, target);
        RepositorySettings begins = new RepositorySettings(null, List.of(), Stage.ROLLOUT, 50, Map.of());
        settings = new Settings(
                        SideSettings.at(wireToLegacy.connectOptions()),
                        SideSettings.at(wireToTarget.connectOptions()),
                        usual.rest(),
                        new AdminSettings(
                                usual.admin().host(), usual.admin().port(), CrossfadeExtension.ADMIN_TOKEN, operators),
                        Map.of("clients", begins, "bookings", begins, "counters", begins.with(List.of("count_up"))),
                        List.of())
                .with(limits);
        CrossfadeExtension.install(vertx, CrossfadeExtension.settings(legacy, target));
    }

    Crossfade proxy() {
        Crossfade proxy = Crossfade.start(vertx, settings, true).await();
        proxies.add(proxy);
        return proxy;
    }

    /** One with wires of its own. */
    Crossfade proxy(PgConnectOptions toLegacy, PgConnectOptions toTarget) {
        Settings its = new Settings(
                        SideSettings.at(toLegacy),
                        SideSettings.at(toTarget),
                        settings.rest(),
                        settings.admin(),
                        settings.repositories(),
                        List.of())
                .with(settings.cutover());
        Crossfade proxy = Crossfade.start(vertx, its, true).await();
        proxies.add(proxy);
        return proxy;
    }

    static Work cutover(Crossfade proxy) {
        return await(
                proxy,
                cutovers(proxy).cutover(Set.of(), OptionalLong.empty(), OLGA).await());
    }

    static Work rollback(Crossfade proxy, Stage to) {
        return await(proxy, cutovers(proxy).rollback(Set.of(), to, OLGA));
    }

    static Work rehearse(Crossfade proxy) {
        return await(
                proxy,
                cutovers(proxy).rehearse(Set.of(), OptionalLong.empty(), OLGA).await());
    }

    static Cutovers cutovers(Crossfade proxy) {
        return proxy.cutovers().orElseThrow();
    }

    /** Waits until the work has ended, however it did. */
    static Work await(Crossfade proxy, Begun begun) {
        Assertions.assertThat(begun).isInstanceOf(Started.class);
        String id = ((Started) begun).work().id();
        CounterRig.await(
                "the work ends", () -> proxy.works().find(id).orElseThrow().state() != WorkState.RUNNING);
        return proxy.works().find(id).orElseThrow();
    }

    static void expectDone(Work work) {
        assertThat(work.state()).as(work.toString()).isEqualTo(WorkState.DONE);
    }

    /** Each inserts rows with numbers of its own, one after the other, and counts up a counter of its own. */
    void write(int several, Crossfade... through) {
        for (int i = 0; i < several; i++) {
            int writer = writers.size();
            acknowledged[writer] = new AtomicInteger();
            RestClient rest = new RestClient("http://127.0.0.1:" + through[i % through.length].restPort() + "/rest/v1");
            Thread thread = new Thread(() -> write(rest, writer), "writer-" + writer);
            writers.add(thread);
            thread.start();
        }
    }

    private void write(RestClient rest, int writer) {
        int n = 0;
        while (writing.get()) {
            n++;
            RestResponse inserted = rest.post("/clients", "{\"writer\":" + writer + ",\"n\":" + n + "}");
            RestResponse read = rest.get("/counters?select=n&id=eq." + (writer + 1));
            String seen = read.body().replaceAll("\\D", "");
            RestResponse counted = rest.patch("/counters?id=eq." + (writer + 1), "{\"n\":" + n + "}");
            if (inserted.status() != 201 || read.status() != 200 || counted.status() != 204) {
                failures.add(inserted.status() + inserted.body() + " " + read.status() + read.body() + " "
                        + counted.status() + counted.body());
                return;
            }
            if (!seen.equals(String.valueOf(n - 1))) {
                failures.add("writer " + writer + " read " + seen + " after it had written " + (n - 1) + ", from "
                        + read.header("X-Crossfade-Side"));
                return;
            }
            acknowledged[writer].set(n);
        }
    }

    int acknowledged() {
        int sum = 0;
        for (AtomicInteger one : acknowledged) {
            sum += one == null ? 0 : one.get();
        }
        return sum;
    }

    void stopWriting() {
        writing.set(false);
        try {
            for (Thread writer : writers) {
                writer.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nothing failed, nothing was lost or written twice, and both sides hold the same rows. */
    void expectNothingLost() {
        stopWriting();
        assertThat(failures).isEmpty();
        for (int writer = 0; writer < writers.size(); writer++) {
            assertThat(legacy.value(
                            "SELECT count(*) || ' ' || coalesce(max(n), 0) FROM clients WHERE writer = " + writer))
                    .isEqualTo(acknowledged[writer] + " " + acknowledged[writer]);
            assertThat(legacy.number("SELECT n FROM counters WHERE id = " + (writer + 1)))
                    .isEqualTo(acknowledged[writer].get());
        }
        expectEqual();
    }

    void expectEqual() {
        for (String rows : List.of(
                "SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM clients AS t",
                "SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM bookings AS t",
                "SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM counters AS t")) {
            CounterRig.await(rows, () -> legacy.rows(rows).equals(target.rows(rows)));
        }
    }

    /** The tables of that database that refuse writes, by name. */
    static List<String> fenced(TestDatabase side) {
        return side.rows("SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'crossfade_fence' AND tgenabled = 'A'"
                + " ORDER BY 1");
    }

    @Override
    public void close() {
        stopWriting();
        wireToLegacy.restore();
        wireToTarget.restore();
        proxies.forEach(proxy -> proxy.close().await());
        vertx.close().await();
        wireToLegacy.close();
        wireToTarget.close();
        legacy.drop();
        target.drop();
    }
}
