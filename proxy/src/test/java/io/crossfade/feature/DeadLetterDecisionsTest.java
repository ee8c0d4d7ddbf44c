package io.crossfade.feature;

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
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator sees of the rows that the target would not take, and what the operator can do about them. */
class DeadLetterDecisionsTest {
    private static final String PHONE = "+79990001122";
    private static final String TABLES = """
            CREATE TABLE clients (phone text PRIMARY KEY, name text);
            CREATE TABLE blocked (phone text PRIMARY KEY, reason text)""";
    private static final String CHECKS = """
            ALTER TABLE clients ADD CONSTRAINT short CHECK (length(name) < 4);
            ALTER TABLE blocked ADD CONSTRAINT short CHECK (length(reason) < 4)""";

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase legacy;
    private TestDatabase target;
    private TcpRelay wireToTarget;
    private Crossfade crossfade;

    @BeforeEach
    void start() {
        legacy = PostgresServers.legacy().database(List.of(TABLES));
        target = PostgresServers.target().database(List.of(TABLES, CHECKS));
        wireToTarget = new TcpRelay(target.connectOptions());
        Settings defaults = CrossfadeExtension.settings(legacy, target);
        RepositorySettings shadowed = new RepositorySettings(null, List.of(), Stage.SHADOW, 0, Map.of());
        Settings settings = new Settings(
                defaults.legacy(),
                SideSettings.at(wireToTarget.connectOptions()),
                defaults.rest(),
                defaults.admin(),
                Map.of("clients", shadowed, "blocked", shadowed),
                List.of());
        CrossfadeExtension.install(vertx, settings);
        crossfade = Crossfade.start(vertx, settings, false).await();
        legacy.execute("INSERT INTO clients VALUES ('" + PHONE + "', 'Secretova');" + "INSERT INTO blocked VALUES ('"
                + PHONE + "', 'Secretova'), ('+7000', 'Secretova')");
        crossfade.caughtUp().await();
    }

    @AfterEach
    void stop() {
        crossfade.close().await();
        vertx.close().await();
        wireToTarget.close();
        legacy.drop();
        target.drop();
    }

    @Test
    void theyAreListedWithMaskedKeysThatAreEqualWhereTheKeysAre() {
        JsonObject listing = list("");
        assertThat(listing.getInteger("total")).isEqualTo(3);
        assertThat(listing.encode()).doesNotContain("7999").doesNotContain("Secretova");
        JsonObject client =
                list("?repository=clients").getJsonArray("deadLetters").getJsonObject(0);
        assertThat(client.getString("side")).isEqualTo("target");
        assertThat(client.getString("sqlstate")).isEqualTo("23514");
        assertThat(client.getString("problem")).contains("constraint short");
        assertThat(client.getInteger("attempts")).isPositive();
        assertThat(client.getInstant("nextTryAt")).isAfter(client.getInstant("firstFailedAt"));
        JsonObject key = client.getJsonArray("key").getJsonObject(0);
        assertThat(key.getInteger("length")).isEqualTo(PHONE.length());
        List<Object> keysOfBlocked = list("?repository=blocked").getJsonArray("deadLetters").stream()
                .map(letter -> ((JsonObject) letter).getJsonArray("key").getValue(0))
                .toList();
        assertThat(keysOfBlocked).hasSize(2).doesNotHaveDuplicates().contains(key);
        assertThat(list("?limit=1").getJsonArray("deadLetters")).hasSize(1);
        assertThat(list("?limit=1").getInteger("total")).isEqualTo(3);
    }

    @Test
    void aRowThatIsRetriedIsTriedAtOnceWhateverItsTurnWas() {
        target.execute("UPDATE crossfade.dead_letter SET next_try_at = now() + interval '1 day';"
                + "ALTER TABLE clients DROP CONSTRAINT short");
        post("/" + idOf("clients") + "/retry").expectStatus(200);
        await("the row arrives", () -> target.number("SELECT count(*) FROM clients") == 1);
        assertThat(list("").getInteger("total")).isEqualTo(2);
    }

    @Test
    void allOfOneRepositoryAreRetriedAndThoseOfOthersAreNot() {
        target.execute("UPDATE crossfade.dead_letter SET next_try_at = now() + interval '1 day';"
                + "ALTER TABLE clients DROP CONSTRAINT short; ALTER TABLE blocked DROP CONSTRAINT short");
        JsonObject answer = new JsonObject(
                post("/retry?repository=blocked").expectStatus(200).body());
        assertThat(answer.getInteger("retried")).isEqualTo(2);
        await("the rows arrive", () -> target.number("SELECT count(*) FROM blocked") == 2);
        assertThat(target.number("SELECT count(*) FROM clients")).isZero();
        post("/retry").expectStatus(200);
        await("the other arrives", () -> target.number("SELECT count(*) FROM clients") == 1);
    }

    @Test
    void aDiscardedRowIsForgottenUntilItsKeyIsWrittenAgain() {
        String answer =
                post("/" + idOf("clients") + "/discard").expectStatus(200).body();
        assertThat(answer).contains("until its key is written again");
        assertThat(list("?repository=clients").getInteger("total")).isZero();
        await("the proxy counts one less", () -> countOfStatus("clients") == 0);
        target.execute("ALTER TABLE clients DROP CONSTRAINT short");
        crossfade.caughtUp().await();
        assertThat(target.number("SELECT count(*) FROM clients")).isZero();
        legacy.execute("UPDATE clients SET name = 'Neue'");
        crossfade.caughtUp().await();
        assertThat(target.rows("SELECT name FROM clients")).containsExactly("Neue");
    }

    @Test
    void withoutTheTokenNothingIsShownOrChanged() {
        String id = idOf("clients");
        for (String path : List.of("/retry", "/" + id + "/retry", "/" + id + "/discard")) {
            admin().request("POST", "/dead-letters" + path).send().expectStatus(401);
        }
        admin().request("GET", "/dead-letters").send().expectStatus(401);
        assertThat(list("").getInteger("total")).isEqualTo(3);
    }

    @Test
    void whatIsNotThereOrNotUnderstoodIsAProblem() {
        assertThat(post("/target-999999/discard").expectStatus(404).body()).contains("unknown-dead-letter");
        post("/legacy-1/retry").expectStatus(404);
        post("/17/retry").expectStatus(404);
        post("/nowhere-1/retry").expectStatus(404);
        assertThat(post("/retry?repositry=clients").expectStatus(400).body()).contains("repositry");
        get("?limit=-1").expectStatus(400);
        get("?limit=1001").expectStatus(400);
        get("?repository=clients&repository=blocked").expectStatus(400);
    }

    @Test
    void aSideThatIsAwayIsNamedAndNothingIsPromised() {
        String id = idOf("clients");
        wireToTarget.cut();
        JsonObject listing = list("");
        assertThat(listing.getJsonArray("notAsked").getJsonObject(0).getString("side"))
                .isEqualTo("target");
        assertThat(post("/" + id + "/discard").expectStatus(503).body()).contains("not known whether");
        wireToTarget.restore();
        await("it answers again", () -> list("").getInteger("total") == 3);
    }

    private long countOfStatus(String group) {
        return new JsonObject(request("GET", "/status").send().body())
                .getJsonArray("shadow").stream()
                        .map(JsonObject.class::cast)
                        .filter(it -> it.getString("group").equals(group))
                        .mapToLong(it -> it.getLong("deadLetters"))
                        .sum();
    }

    private String idOf(String repository) {
        return list("?repository=" + repository)
                .getJsonArray("deadLetters")
                .getJsonObject(0)
                .getString("id");
    }

    private JsonObject list(String query) {
        return new JsonObject(get(query).expectStatus(200).body());
    }

    private RestResponse get(String query) {
        return request("GET", "/dead-letters" + query).send();
    }

    private RestResponse post(String path) {
        return request("POST", "/dead-letters" + path).send();
    }

    private RestClient.Request request(String method, String path) {
        return admin().request(method, path).header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN);
    }

    private RestClient admin() {
        return new RestClient("http://127.0.0.1:" + crossfade.adminPort() + "/api");
    }

    private static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
        }
    }
}
