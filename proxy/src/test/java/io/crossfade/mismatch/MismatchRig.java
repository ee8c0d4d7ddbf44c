package io.crossfade.mismatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crossfade.Crossfade;
import io.crossfade.call.Operation;
import io.crossfade.comparison.Difference;
import io.crossfade.comparison.Mismatch;
import io.crossfade.comparison.MismatchKind;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.observation.Observation.ReadCompared.Verdict;
import io.crossfade.observation.Observation.SideAnswer;
import io.crossfade.observation.Observer;
import io.crossfade.settings.AdminSettings;
import io.crossfade.settings.AdminToken;
import io.crossfade.settings.MismatchSettings;
import io.crossfade.settings.OperatorSettings;
import io.crossfade.settings.OperatorSettings.Role;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.sides.Sides;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Proxies between two databases, the wires to which can be cut, and mismatches as an engine would find them. */
final class MismatchRig implements AutoCloseable {
    static final String PHONE = "+79990001122";
    static final String NAME = "Secretova";

    /** The token of an operator who may look. */
    static final String VIEWER = "just-looking";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLES = "CREATE TABLE clients (phone text PRIMARY KEY, name text, visits int);"
            + "CREATE TABLE services (id int PRIMARY KEY, title text)";

    final TestDatabase legacy = PostgresServers.legacy().database(List.of(TABLES));
    final TestDatabase target = PostgresServers.target().database(List.of(TABLES));
    final TcpRelay toLegacy = new TcpRelay(legacy.connectOptions());
    final TcpRelay toTarget = new TcpRelay(target.connectOptions());
    private final Vertx vertx = Vertx.vertx();
    private final List<Crossfade> proxies = new ArrayList<>();
    private final List<MismatchStore> stores = new ArrayList<>();
    private final List<Sides> opened = new ArrayList<>();
    private final Settings settings;

    MismatchRig(UnaryOperator<Settings> change) {
        Settings usual = CrossfadeExtension.settings(legacy, target);
        RepositorySettings shadowed = new RepositorySettings(null, List.of(), Stage.SHADOW, 0, Map.of());
        settings = change.apply(new Settings(
                SideSettings.at(toLegacy.connectOptions()),
                SideSettings.at(toTarget.connectOptions()),
                usual.rest(),
                new AdminSettings(
                        "127.0.0.1",
                        0,
                        CrossfadeExtension.ADMIN_TOKEN,
                        List.of(new OperatorSettings("olga", Role.VIEWER, AdminToken.hash(VIEWER)))),
                Map.of("clients", shadowed, "services", shadowed),
                List.of()));
        CrossfadeExtension.install(vertx, settings);
    }

    static MismatchRig usual() {
        return new MismatchRig(UnaryOperator.identity());
    }

    static MismatchRig with(MismatchSettings kept) {
        return new MismatchRig(settings -> settings.with(kept));
    }

    Crossfade start() {
        Crossfade proxy = Crossfade.start(vertx, settings, true).await();
        proxies.add(proxy);
        return proxy;
    }

    /** The store of a proxy whose clock goes ahead or behind; it opens connections of its own. */
    MismatchStore storeWhoseClockIs(Duration ahead, Observer observer) {
        Sides sides = sides();
        MismatchStore store = MismatchStore.open(
                vertx,
                sides,
                MismatchSettings.DEFAULTS,
                Duration.ofHours(1),
                observer,
                InstantSource.offset(InstantSource.system(), ahead));
        stores.add(store);
        return store;
    }

    /** Connections of one's own. */
    Sides sides() {
        Sides sides = Sides.open(vertx, settings, observation -> {});
        opened.add(sides);
        sides.probe().await();
        return sides;
    }

    void stop(Crossfade proxy) {
        proxies.remove(proxy);
        proxy.close().await();
    }

    static MismatchStore store(Crossfade proxy) {
        return proxy.mismatches().orElseThrow();
    }

    /** The name of a client differs. */
    static void differingName(Crossfade proxy, boolean confirmed, String phone) {
        store(proxy).accept(mismatch("clients", confirmed, value(phone, "name", NAME, "Другова")));
    }

    static Mismatch mismatch(String repository, boolean confirmed, Difference... differences) {
        return new Mismatch(
                repository,
                Operation.FIND_ONE,
                "findOne " + repository + " phone=eq",
                Side.LEGACY,
                confirmed,
                List.of(differences));
    }

    static Difference value(String phone, String column, String authority, String shadow) {
        return new Difference(
                MismatchKind.VALUE,
                json("{\"phone\":\"" + phone + "\"}"),
                List.of(column),
                json("{\"phone\":\"" + phone + "\",\"" + column + "\":\"" + authority + "\",\"visits\":4711}"),
                json("{\"phone\":\"" + phone + "\",\"" + column + "\":\"" + shadow + "\",\"visits\":4711}"));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** So many reads were compared, and differed or not. */
    static void compared(Crossfade proxy, String repository, int reads, Verdict verdict) {
        compared(proxy, repository, reads, verdict, null);
    }

    /** So many reads failed on both sides alike. */
    static void failedAlike(Crossfade proxy, String repository, int reads) {
        compared(proxy, repository, reads, Verdict.MATCHED, "42501");
    }

    private static void compared(
            Crossfade proxy, String repository, int reads, Verdict verdict, @Nullable String code) {
        for (int i = 0; i < reads; i++) {
            store(proxy)
                    .observe(new ReadCompared(
                            repository,
                            Operation.FIND_ONE,
                            Stage.SHADOW,
                            "findOne",
                            verdict,
                            verdict == Verdict.MISMATCHED,
                            List.of(),
                            List.of(),
                            new SideAnswer(Side.LEGACY, 1, 1, code),
                            new SideAnswer(Side.TARGET, 1, 1, code)));
        }
    }

    static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(40));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** What a side keeps, as {@code kind columns transient confirmed}. */
    static List<String> kept(TestDatabase side) {
        return side.rows(
                "SELECT repository || ' ' || kind || ' ' || columns::text || ' ' || transient || ' ' || confirmed"
                        + " FROM crossfade.mismatch ORDER BY 1");
    }

    void awaitKept(String... groups) {
        for (TestDatabase side : List.of(legacy, target)) {
            await(List.of(groups) + " but " + kept(side), () -> kept(side).equals(List.of(groups)));
        }
    }

    RestResponse get(Crossfade proxy, String path) {
        return request(proxy, "GET", path, null);
    }

    RestResponse request(Crossfade proxy, String method, String path, @Nullable String body) {
        RestClient.Request request = new RestClient("http://127.0.0.1:" + proxy.adminPort() + "/api")
                .request(method, path)
                .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN);
        return (body == null ? request : request.json(body)).send();
    }

    @Override
    public void close() {
        toLegacy.restore();
        toTarget.restore();
        List.copyOf(proxies).forEach(this::stop);
        stores.forEach(store -> store.close().await());
        opened.forEach(sides -> sides.close().await());
        vertx.close().await();
        toLegacy.close();
        toTarget.close();
        legacy.drop();
        target.drop();
    }
}
