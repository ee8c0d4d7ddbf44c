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

/** Values of every type come and go unchanged, and wrong ones are refused, as a real PostgREST does it. */
class TypesComparedWithPostgrestTest {
    private static final List<String> SCRIPTS =
            List.of(Scripts.read("/conformance/types.sql"), Scripts.read("/conformance/pristine.sql"));

    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql(SCRIPTS.toArray(String[]::new));

    @RegisterExtension
    static final Oracle oracle = new Oracle(crossfade, SCRIPTS, "public");

    @AfterAll
    static void noRowWasChangedForGood() {
        assertThat(crossfade.legacy().rows("SELECT pristine.all_changes()")).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> everyTypeIsReadFilteredAndWrittenAlike() {
        return oracle.tests("/conformance/types.http");
    }
}
