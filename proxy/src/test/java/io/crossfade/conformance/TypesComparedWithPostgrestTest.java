package io.crossfade.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.Scripts;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Values of every type come and go unchanged, and wrong ones are refused, as a real PostgREST does it. */
@EnabledIf(value = "knowsMultiranges", disabledReason = "Multiranges come with PostgreSQL 14")
class TypesComparedWithPostgrestTest {
    private static final List<String> SCRIPTS =
            List.of(Scripts.read("/conformance/types.sql"), Scripts.read("/conformance/pristine.sql"));

    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql(SCRIPTS.toArray(String[]::new));

    @RegisterExtension
    static final Oracle oracle = new Oracle(crossfade, SCRIPTS, "public");

    static boolean knowsMultiranges() {
        return PostgresServers.legacy().majorVersion() >= 14;
    }

    @AfterAll
    static void noRowWasChangedForGood() {
        assertThat(crossfade.legacy().rows("SELECT pristine.all_changes()")).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> everyTypeIsReadFilteredAndWrittenAlike() {
        return oracle.tests("/conformance/types.http");
    }

    // Crossfade reads the value of a filter as the type of its column, PostgREST leaves that to the operator: where the
    // operator alone does not tell, Crossfade finds the row.

    @Test
    void aCompositeValueCanBeFiltered() {
        crossfade
                .rest()
                .get("/kinds?select=id&c_place=eq.(\"Main, street\",5,\"{a,\"\"b c\"\"}\")")
                .expectStatus(200)
                .expectBody("[{\"id\":1}]");
        crossfade.rest().get("/kinds?select=id&c_place=eq.nonsense").expectError(400, "22P02");
    }

    @Test
    void aRelationCanBeFilteredByItsName() {
        crossfade
                .rest()
                .get("/kinds?select=id&c_regclass=eq.kinds")
                .expectStatus(200)
                .expectBody("[{\"id\":1}]");
    }

    @Test
    void aTypeWithoutEqualityCannotBeFiltered() {
        for (String column : List.of("c_json", "c_point", "c_xml")) {
            crossfade.rest().get("/kinds?select=id&" + column + "=eq.x").expectError(404, "42883");
        }
    }
}
