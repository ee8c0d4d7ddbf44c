package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Stage;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A write that meets the fence of its authority waits until it is known where it has to go. */
class HeldWritesTest {
    private static final int WRITES = 20;

    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql(
                    "CREATE TABLE notes (id integer PRIMARY KEY, text text)")
            .withBothSidesEqual()
            .configured(HeldWritesTest::shadowed);

    private static Settings shadowed(Settings usual) {
        return new Settings(
                usual.legacy(),
                usual.target(),
                usual.rest(),
                usual.admin(),
                Map.of("notes", new RepositorySettings(null, List.of(), Stage.SHADOW, 0, Map.of())),
                usual.pins());
    }

    private final ExecutorService callers = Executors.newFixedThreadPool(WRITES);

    @AfterEach
    void settle() {
        callers.shutdown();
        settleOnLegacy();
        crossfade.rest().delete("/notes?id=gte.0").expectStatus(204);
    }

    @Test
    void aWriteThatMeetsTheFenceGoesOnWhenTheAuthorityHasSettledAndIsWrittenOnce() {
        raiseACountingFence();
        List<CompletableFuture<RestResponse>> writes = new ArrayList<>();
        for (int id = 1; id <= WRITES; id++) {
            String row = "{\"id\":" + id + ",\"text\":\"held\"}";
            writes.add(CompletableFuture.supplyAsync(() -> crossfade.rest().post("/notes", row), callers));
        }
        CounterRig.await(
                "all were refused", () -> crossfade.legacy().number("SELECT last_value FROM refusals") >= WRITES);
        assertThat(crossfade.rest().get("/notes?select=id").body())
                .as("reads do not wait")
                .isEqualTo("[]");
        assertThat(writes).noneMatch(CompletableFuture::isDone);
        settleOnLegacy();
        writes.forEach(write -> write.join().expectStatus(201));
        assertThat(crossfade.legacy().number("SELECT count(*) FROM notes WHERE text = 'held'"))
                .isEqualTo(WRITES);
    }

    @Test
    void aWriteWhoseAuthorityDoesNotArriveIsRefusedWithoutEffect() {
        raiseACountingFence();
        RestResponse refused = crossfade.rest().post("/notes", "{\"id\":1}");
        refused.expectError(503, "CF503");
        assertThat(refused.header("Retry-After")).isNotNull();
        assertThat(refused.json().path("details").asText()).isEqualTo("The call had no effect.");
        assertThat(crossfade.legacy().number("SELECT count(*) FROM notes")).isZero();
    }

    @Test
    void whileTheAuthorityIsKnownToMoveWritesAreNotEvenSent() {
        crossfade
                .legacy()
                .execute("UPDATE crossfade.state SET epoch = epoch + 1, moving_to = 'target';"
                        + " NOTIFY crossfade_state");
        CompletableFuture<RestResponse> write =
                CompletableFuture.supplyAsync(() -> crossfade.rest().post("/notes", "{\"id\":1}"), callers);
        raiseACountingFence();
        settleOnLegacy();
        write.join().expectStatus(201);
    }

    /** As the fence refuses, with a count that no rollback takes back. */
    private static void raiseACountingFence() {
        crossfade.legacy().execute("""
                CREATE SEQUENCE refusals;
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  PERFORM nextval('refusals');
                  RAISE EXCEPTION 'refused' USING ERRCODE = 'CF001';
                END $$;
                CREATE TRIGGER refuse BEFORE INSERT ON notes FOR EACH STATEMENT EXECUTE FUNCTION refuse();""");
    }

    /** What another instance does when it has decided that the authority stays. */
    private static void settleOnLegacy() {
        crossfade.legacy().execute("""
                BEGIN;
                DROP FUNCTION IF EXISTS refuse CASCADE;
                DROP SEQUENCE IF EXISTS refusals;
                UPDATE crossfade.state SET epoch = epoch + 1, moving_to = NULL;
                NOTIFY crossfade_state;
                COMMIT;""");
    }
}
