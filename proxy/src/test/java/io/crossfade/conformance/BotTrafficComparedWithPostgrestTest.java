package io.crossfade.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.PostgrestServer;
import io.crossfade.testing.Scripts;
import io.crossfade.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every request shape of the booking bot gets from Crossfade what a real PostgREST answers. */
class BotTrafficComparedWithPostgrestTest {
    private static final String PRISTINE = Scripts.read("/conformance/pristine.sql");

    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withBotData().andSql(PRISTINE);

    private static TestDatabase copy;
    private static PostgrestServer postgrest;
    private static Comparison comparison;

    @BeforeAll
    static void startPostgrest() {
        List<String> scripts = new ArrayList<>(Scripts.bot());
        scripts.add(PRISTINE);
        copy = PostgresServers.legacy().database(scripts);
        postgrest = PostgrestServer.start(copy, "public", 1_000);
        comparison = new Comparison(crossfade.rest(), crossfade.legacy(), postgrest, copy, new VersionDifferences());
    }

    @AfterAll
    static void stopPostgrest() {
        if (postgrest != null) {
            postgrest.close();
        }
        if (copy != null) {
            copy.drop();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyReadIsAnsweredAlike() {
        return tests("/conformance/bot-reads.http");
    }

    @TestFactory
    Stream<DynamicTest> everyWriteIsAnsweredAlikeAndChangesTheSameRows() {
        return tests("/conformance/bot-writes.http");
    }

    @AfterAll
    static void noOtherTableWasTouched() {
        assertThat(crossfade.legacy().rows("SELECT pristine.all_changes()")).isEmpty();
    }

    private static Stream<DynamicTest> tests(String resource) {
        return Scenario.read(resource).stream()
                .map(scenario -> dynamicTest(scenario.title(), () -> comparison.compare(scenario)));
    }
}
