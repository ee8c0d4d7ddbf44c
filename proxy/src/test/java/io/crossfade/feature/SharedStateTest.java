package io.crossfade.feature;

import static io.crossfade.feature.CounterRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.migration.Stage;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.Stages;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several proxies between the same two databases follow one state of each group. */
class SharedStateTest {
    private static final String TABLES = """
            CREATE TABLE clients (id integer PRIMARY KEY, name text);
            CREATE TABLE bookings (id integer PRIMARY KEY, client_id integer REFERENCES clients);
            CREATE TABLE notes (id integer PRIMARY KEY, text text);""";

    private final Vertx vertx = Vertx.vertx();
    private final List<Crossfade> proxies = new ArrayList<>();
    private TestDatabase legacy;
    private TestDatabase target;
    private TcpRelay wireToTarget;
    private Settings settings;

    @BeforeEach
    void open() {
        legacy = PostgresServers.legacy().database(List.of(TABLES));
        target = PostgresServers.target().database(List.of(TABLES));
        wireToTarget = new TcpRelay(target.connectOptions());
        settings = settings(Map.of());
        CrossfadeExtension.install(vertx, settings);
    }

    @AfterEach
    void close() {
        proxies.forEach(proxy -> proxy.close().await());
        vertx.close().await();
        wireToTarget.close();
        legacy.drop();
        target.drop();
    }

    @Test
    void whatOneProxyIsToldAllFollow() {
        Crossfade one = start(settings);
        Crossfade other = start(settings);
        Stages.forward(one, "notes", Stage.ROLLOUT);
        move(one, "notes", "{\"rollout\":12.5}").expectStatus(200);
        await("the other follows", () -> other(other).equals("rollout 12.5"));
        assertThat(epoch(other)).isEqualTo(epoch(one));
        move(other, "notes", "{\"stage\":\"off\"}").expectStatus(200);
        await("the first follows", () -> other(one).equals("off 0.0"));
        assertThat(target.rows("SELECT stage FROM crossfade.state WHERE group_name = 'notes'"))
                .containsExactly("off");
        target.execute("INSERT INTO notes VALUES (1, 'no fence is left')");
    }

    @Test
    void aRestartForgetsNothingAndTheConfigurationSaysOnlyWhereAGroupBegins() {
        Settings configured = settings(Map.of(
                "notes", new RepositorySettings(null, List.of(), Stage.SHADOW, 0, Map.of()),
                "clients", new RepositorySettings(null, List.of(), Stage.DUAL_WRITE, 0, Map.of())));
        Crossfade first = start(configured);
        assertThat(stage(first, "notes")).isEqualTo("shadow");
        assertThat(stage(first, "bookings"))
                .as("tied to clients by a foreign key")
                .isEqualTo("dual-write");
        move(first, "notes", "{\"stage\":\"dual-write\"}").expectStatus(200);
        long epoch = epoch(first);
        first.close().await();
        proxies.clear();

        Crossfade second = start(configured);
        assertThat(stage(second, "notes")).isEqualTo("dual-write");
        assertThat(epoch(second)).isEqualTo(epoch);
        rest(second).post("/notes", "{\"id\":1,\"text\":\"after the restart\"}").expectStatus(201);
        second.caughtUp().await();
        assertThat(target.rows("SELECT text FROM notes")).containsExactly("after the restart");
    }

    @Test
    void repositoriesThatAForeignKeyTiesMoveTogether() {
        Crossfade proxy = start(settings);
        RestResponse moved = Stages.forward(proxy, "bookings", Stage.SHADOW);
        assertThat(moved.json().path("moved")).hasSize(2);
        assertThat(stage(proxy, "clients")).isEqualTo("shadow");
        assertThat(stage(proxy, "notes")).isEqualTo("off");
    }

    @Test
    void ofTwoOperatorsAtTwoProxiesWhoSawTheSameOneIsToldToLookAgain() {
        Crossfade one = start(settings);
        Crossfade other = start(settings);
        Stages.forward(one, "notes", Stage.ROLLOUT);
        for (int round = 0; round < 10; round++) {
            String seen = String.valueOf(epoch(one));
            await("both know the same", () -> String.valueOf(epoch(other)).equals(seen));
            int share = round;
            CompletableFuture<Integer> a = CompletableFuture.supplyAsync(() -> rollout(one, share, seen));
            CompletableFuture<Integer> b = CompletableFuture.supplyAsync(() -> rollout(other, share + 50, seen));
            assertThat(List.of(a.join(), b.join())).containsExactlyInAnyOrder(200, 412);
            await("both follow", () -> other(one).equals(other(other)) && epoch(one) == epoch(other));
        }
    }

    @Test
    void aTargetThatWasAwayIsBroughtToWhatWasDecidedMeanwhile() {
        Crossfade proxy = start(settings);
        Stages.forward(proxy, "notes", Stage.SHADOW);
        wireToTarget.cut();
        move(proxy, "notes", "{\"stage\":\"off\"}").expectStatus(200);
        assertThat(stage(proxy, "notes")).isEqualTo("off");
        assertThat(target.number("SELECT count(*) FROM pg_trigger WHERE tgname = 'crossfade_fence'"))
                .as("fences")
                .isEqualTo(1);
        wireToTarget.restore();
        await(
                "the fence goes",
                () -> target.number("SELECT count(*) FROM pg_trigger WHERE tgname = 'crossfade_fence'") == 0);
        target.execute("INSERT INTO notes VALUES (1, 'free')");
    }

    @Test
    void aMoveThatIsTakenBackWhileTheTargetStillPreparesItLeavesNothingBehind() {
        Crossfade proxy = start(settings);
        target.execute("BEGIN; LOCK TABLE notes IN SHARE ROW EXCLUSIVE MODE");
        CompletableFuture<RestResponse> there =
                CompletableFuture.supplyAsync(() -> Stages.move(proxy, "notes", Stage.DUAL_WRITE));
        await("it waits for the lock", () -> target.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
        CompletableFuture<RestResponse> back =
                CompletableFuture.supplyAsync(() -> move(proxy, "notes", "{\"stage\":\"off\"}"));
        target.execute("COMMIT");
        there.join().expectStatus(200);
        back.join().expectStatus(200);
        await(
                "no fence is left",
                () -> target.number("SELECT count(*) FROM pg_trigger WHERE tgname = 'crossfade_fence'") == 0);
        target.execute("INSERT INTO notes VALUES (1, 'free')");
        assertThat(stage(proxy, "notes")).isEqualTo("off");
    }

    @Test
    void aProxyThatStartsWhileTheTargetIsAwayShadowsWhatWasShadowed() {
        Crossfade first = start(settings);
        Stages.forward(first, "notes", Stage.SHADOW);
        first.close().await();
        proxies.clear();
        wireToTarget.cut();
        Crossfade second = start(settings);
        assertThat(stage(second, "notes")).isEqualTo("shadow");
        rest(second).post("/notes", "{\"id\":1,\"text\":\"while it was away\"}").expectStatus(201);
        wireToTarget.restore();
        await("the target has it", () -> target.rows("SELECT text FROM notes").equals(List.of("while it was away")));
    }

    @Test
    void whatWasNotCapturedCannotBeShadowed() {
        legacy.execute("CREATE TABLE late (id integer PRIMARY KEY)");
        target.execute("CREATE TABLE late (id integer PRIMARY KEY)");
        Crossfade proxy = start(settings);
        assertThat(Stages.move(proxy, "late", Stage.DUAL_WRITE)
                        .expectStatus(409)
                        .body())
                .contains("./crossfade install");
        assertThat(stage(proxy, "late")).isEqualTo("off");
    }

    @Test
    void anAuthorityThatForgotALaterDecisionIsToldOfIt() {
        Crossfade proxy = start(settings);
        Stages.forward(proxy, "notes", Stage.SHADOW);
        legacy.execute("UPDATE crossfade.state SET epoch = 1, stage = 'dual-write' WHERE group_name = 'notes'");
        await(
                "legacy knows again",
                () -> legacy.rows("SELECT epoch, stage FROM crossfade.state WHERE group_name = 'notes'")
                        .equals(List.of("2|shadow")));
        legacy.execute("DELETE FROM crossfade.state");
        await(
                "legacy knows again",
                () -> legacy.rows("SELECT epoch, stage FROM crossfade.state WHERE group_name = 'notes'")
                        .equals(List.of("2|shadow")));
    }

    private Settings settings(Map<String, RepositorySettings> repositories) {
        Settings usual = CrossfadeExtension.settings(legacy, target);
        return new Settings(
                usual.legacy(),
                SideSettings.at(wireToTarget.connectOptions()),
                usual.rest(),
                usual.admin(),
                repositories,
                List.of());
    }

    private Crossfade start(Settings how) {
        Crossfade proxy = Crossfade.start(vertx, how, true).await();
        proxies.add(proxy);
        return proxy;
    }

    private static int rollout(Crossfade proxy, double share, String epoch) {
        return request(proxy, "notes", "{\"stage\":\"rollout\",\"rollout\":" + share + "}")
                .header("If-Match", "\"" + epoch + "\"")
                .send()
                .status();
    }

    private static RestResponse move(Crossfade proxy, String repository, String change) {
        return request(proxy, repository, change).send();
    }

    private static RestClient.Request request(Crossfade proxy, String repository, String change) {
        return admin(proxy)
                .request("PATCH", "/repositories/" + repository)
                .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN)
                .json(change);
    }

    private static RestResponse repository(Crossfade proxy, String name) {
        return admin(proxy)
                .request("GET", "/repositories/" + name)
                .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN)
                .send();
    }

    private static String stage(Crossfade proxy, String name) {
        return repository(proxy, name).json().path("stage").asText();
    }

    private static String other(Crossfade proxy) {
        RestResponse notes = repository(proxy, "notes");
        return notes.json().path("stage").asText() + " "
                + notes.json().path("rollout").asDouble();
    }

    private static long epoch(Crossfade proxy) {
        return Long.parseLong(repository(proxy, "notes").header("ETag").replaceAll("\\D", ""));
    }

    private static RestClient admin(Crossfade proxy) {
        return new RestClient("http://127.0.0.1:" + proxy.adminPort() + "/api");
    }

    private static RestClient rest(Crossfade proxy) {
        return new RestClient("http://127.0.0.1:" + proxy.restPort() + "/rest/v1");
    }
}
