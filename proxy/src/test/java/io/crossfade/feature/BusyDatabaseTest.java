package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More calls than the database can take are refused in time, and clearly; nothing piles up. */
class BusyDatabaseTest {
    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql(
                    "CREATE TABLE items (id integer PRIMARY KEY); INSERT INTO items VALUES (1);"
                            + " CREATE FUNCTION nap(seconds float8) RETURNS integer LANGUAGE sql"
                            + " AS 'SELECT 1 FROM pg_sleep(seconds)'")
            .configured(BusyDatabaseTest::withOneConnection);

    private static Settings withOneConnection(Settings settings) {
        SideSettings legacy = new SideSettings(
                settings.legacy().connection(),
                1,
                2,
                Duration.ofSeconds(1),
                Duration.ofSeconds(4),
                SideSettings.MAX_LIFETIME,
                SideSettings.PREPARED_STATEMENTS);
        return new Settings(
                legacy, settings.target(), settings.rest(), settings.admin(), settings.repositories(), settings.pins());
    }

    @Test
    void callsThatFindNoConnectionAreRefusedAndOnesThatWaitTooLongAreToldSo() {
        List<CompletableFuture<RestResponse>> calls =
                IntStream.range(0, 6).mapToObj(n -> nap(3)).toList();
        List<String> codes = calls.stream()
                .map(CompletableFuture::join)
                .map(answer -> answer.status() == 200 ? "200" : answer.status() + " " + answer.code())
                .sorted()
                .collect(Collectors.toList());
        assertThat(codes).contains("200", "503 CF429", "504 PGRST003").hasSize(6);
        crossfade.rest().get("/items?select=id").expectStatus(200).expectBody("[{\"id\":1}]");
    }

    @Test
    void aStatementThatTakesTooLongIsCancelledByTheServer() {
        nap(60).join().expectError(500, "57014");
        crossfade.rest().get("/items?select=id").expectStatus(200).expectBody("[{\"id\":1}]");
    }

    private static CompletableFuture<RestResponse> nap(int seconds) {
        return crossfade
                .rest()
                .request("POST", "/rpc/nap")
                .json("{\"seconds\":" + seconds + "}")
                .sendAsync();
    }
}
