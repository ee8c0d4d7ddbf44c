package io.crossfade.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When the server ends connections, calls in flight are answered and later ones do not notice. */
class LostConnectionTest {
    private static final String CALLS_IN_FLIGHT =
            " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    + " AND wait_event = 'PgSleep'";

    @RegisterExtension
    static final CrossfadeExtension crossfade =
            CrossfadeExtension.withSql("CREATE TABLE items (id integer PRIMARY KEY); INSERT INTO items VALUES (1);"
                    + " CREATE FUNCTION slow() RETURNS integer LANGUAGE sql AS 'SELECT 1 FROM pg_sleep(25)'");

    @Test
    void aCallWhoseConnectionIsEndedIsAnsweredAsUnavailable() {
        TestDatabase legacy = crossfade.legacy();
        CompletableFuture<RestResponse> answer =
                crossfade.rest().request("POST", "/rpc/slow").json("{}").sendAsync();
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (legacy.number("SELECT count(*)" + CALLS_IN_FLIGHT) == 0) {
            assertThat(Instant.now()).as("the call reached the database").isBefore(deadline);
        }
        legacy.rows("SELECT pg_terminate_backend(pid)" + CALLS_IN_FLIGHT);
        RestResponse failed = answer.join().expectStatus(503);
        assertThat(failed.code()).isNotEqualTo("-");
        crossfade.rest().get("/items?select=id").expectStatus(200).expectBody("[{\"id\":1}]");
    }

    @Test
    void aReadAfterAllIdleConnectionsWereEndedIsAnswered() {
        crossfade.rest().get("/items?select=id").expectStatus(200);
        TestDatabase legacy = crossfade.legacy();
        legacy.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        crossfade.rest().get("/items?select=id").expectStatus(200).expectBody("[{\"id\":1}]");
    }
}
