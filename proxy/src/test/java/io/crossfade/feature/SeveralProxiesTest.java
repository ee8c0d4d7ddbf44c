package io.crossfade.feature;

import static io.crossfade.feature.CounterRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.migration.Stage;
import io.crossfade.testing.CanIgnoreReturnValue;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.ProxyProcess;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.Stages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Proxies between the same two databases know of each other. */
class SeveralProxiesTest {
    @RegisterExtension
    static final CrossfadeExtension here = CrossfadeExtension.withSql(
                    "CREATE TABLE notes (id integer PRIMARY KEY, text text)")
            .withBothSidesEqual();

    private final Path folder;

    SeveralProxiesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void eachIsSeenWithItsEpochAndOneThatWasKilledIsGone() throws IOException {
        Stages.forward(here.proxy(), "notes", Stage.SHADOW);
        try (ProxyProcess one = ProxyProcess.run(config());
                ProxyProcess other = ProxyProcess.run(config())) {
            await("all three are seen", () -> instances().size() == 3);
            await(
                    "all know the same",
                    () -> instances().stream()
                            .noneMatch(instance -> instance.path("behind").asBoolean()));
            assertThat(instances().get(0).path("here").asBoolean()).isTrue();
            await(
                    "each knows the shadow",
                    () -> instances().stream()
                            .allMatch(instance -> instance.path("asOf").has("notes")));
            assertThat(here.legacy().number("SELECT count(*) FROM crossfade.instance"))
                    .isEqualTo(3);
            assertThat(here.target().number("SELECT count(*) FROM crossfade.instance"))
                    .isEqualTo(3);

            one.pause();
            admin("PATCH", "/repositories/notes", "{\"stage\":\"dual-write\"}");
            await("the one that sleeps is behind", () -> of(one).path("behind").asBoolean());
            await("and gone", () -> of(one).path("gone").asBoolean());
            one.resume();
            await("it comes back", () -> !of(one).path("behind").asBoolean());
            assertThat(of(one).path("gone").asBoolean()).isFalse();

            other.kill();
            await(
                    "the one that was killed is gone",
                    () -> of(other).path("gone").asBoolean());
            assertThat(instances()).hasSize(3);
        }
        await("the one that was stopped has left", () -> instances().size() == 2);
    }

    @Test
    void whatIsOlderThanAnHourIsForgotten() {
        here.legacy()
                .execute("INSERT INTO crossfade.instance VALUES (gen_random_uuid(), 'old:1', '1', now(), 1, '{}', 0,"
                        + " now() - interval '61 minutes')");
        await(
                "it is gone",
                () -> here.legacy().number("SELECT count(*) FROM crossfade.instance WHERE address = 'old:1'") == 0);
    }

    @Test
    void whereTheTableIsMissingNothingElseFails() {
        here.target().execute("ALTER TABLE crossfade.instance RENAME TO elsewhere");
        try {
            Stages.forward(here.proxy(), "notes", Stage.SHADOW);
            here.rest().post("/notes", "{\"id\":7,\"text\":\"x\"}").expectStatus(201);
            here.proxy().caughtUp().await();
            assertThat(here.target().number("SELECT count(*) FROM notes WHERE id = 7"))
                    .isEqualTo(1);
            assertThat(instances()).isNotEmpty();
        } finally {
            here.target().execute("ALTER TABLE crossfade.elsewhere RENAME TO instance");
        }
    }

    private static JsonNode of(ProxyProcess proxy) {
        String address = proxy.rest().base().replaceAll("https?://|/rest/v1", "");
        return instances().stream()
                .filter(instance -> instance.path("address").asText().equals(address))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> instances() {
        JsonNode answer = admin("GET", "/instances", null);
        return StreamSupport.stream(answer.path("instances").spliterator(), false)
                .toList();
    }

    @CanIgnoreReturnValue
    private static JsonNode admin(String method, String path, String body) {
        RestClient.Request request = new RestClient(
                        "http://127.0.0.1:" + here.proxy().adminPort() + "/api")
                .request(method, path)
                .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN);
        return (body == null ? request : request.json(body))
                .send()
                .expectStatus(200)
                .json();
    }

    private Path config() throws IOException {
        return Files.writeString(
                folder.resolve("crossfade.yaml"),
                "legacy: {url: \"" + here.legacy().uri() + "\"}\ntarget: {url: \""
                        + here.target().uri() + "\"}\nrest: {port: 0}\nadmin: {port: 0, token: "
                        + CrossfadeExtension.ADMIN_TOKEN + "}\n");
    }
}
