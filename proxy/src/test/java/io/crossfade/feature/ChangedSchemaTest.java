package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A migration of the schema is noticed without a restart. */
class ChangedSchemaTest {
    @RegisterExtension
    static final CrossfadeExtension crossfade =
            CrossfadeExtension.withSql("CREATE TABLE items (id integer PRIMARY KEY); INSERT INTO items VALUES (1)");

    @Test
    void aNotificationMakesANewTableKnown() {
        crossfade.legacy().execute("CREATE TABLE announced (id integer); NOTIFY pgrst, 'reload schema'");
        awaitStatus(200, () -> crossfade.rest().get("/announced"));
    }

    @Test
    void anUnknownNameMakesTheCatalogueBeReadAgain() {
        crossfade.legacy().execute("CREATE TABLE unannounced (id integer)");
        awaitStatus(200, () -> crossfade.rest().get("/unannounced"));
    }

    @Test
    void aColumnThatChangedItsTypeIsComparedAsItIsNow() {
        crossfade.legacy().execute("CREATE TABLE changing (code integer); INSERT INTO changing VALUES (7)");
        awaitStatus(200, () -> crossfade.rest().get("/changing?code=eq.7"));
        crossfade.legacy().execute("ALTER TABLE changing ALTER code TYPE text; NOTIFY pgrst, 'reload schema'");
        awaitStatus(200, () -> crossfade.rest().get("/changing?code=eq.x"));
        crossfade.rest().get("/changing?code=eq.7").expectBody("[{\"code\":\"7\"}]");
    }

    private static void awaitStatus(int status, Supplier<RestResponse> call) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        RestResponse answer = call.get();
        while (answer.status() != status) {
            assertThat(Instant.now()).as("last answer: " + answer.body()).isBefore(deadline);
            answer = call.get();
        }
    }
}
