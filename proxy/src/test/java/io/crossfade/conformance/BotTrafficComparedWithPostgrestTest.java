package io.crossfade.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.Scripts;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every request shape of the booking bot gets from Crossfade what a real PostgREST answers. */
class BotTrafficComparedWithPostgrestTest {
    private static final List<String> SCRIPTS = Stream.concat(
                    Scripts.bot().stream(), Stream.of(Scripts.read("/conformance/pristine.sql")))
            .toList();

    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql(SCRIPTS.toArray(String[]::new));

    @RegisterExtension
    static final Oracle oracle = new Oracle(crossfade, SCRIPTS, "public");

    @AfterAll
    static void noOtherTableWasTouched() {
        assertThat(crossfade.legacy().rows("SELECT pristine.all_changes()")).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> everyReadIsAnsweredAlike() {
        return oracle.tests("/conformance/bot-reads.http");
    }

    @TestFactory
    Stream<DynamicTest> everyWriteIsAnsweredAlikeAndChangesTheSameRows() {
        return oracle.tests("/conformance/bot-writes.http");
    }
}
