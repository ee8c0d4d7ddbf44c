package io.crossfade.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.crossfade.settings.RestSettings;
import io.crossfade.settings.Settings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.Scripts;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every corner of the dialect that an ordinary client can reach is answered as a real PostgREST answers it. */
class DialectComparedWithPostgrestTest {
    private static final List<String> SCRIPTS =
            List.of(Scripts.read("/conformance/dialect.sql"), Scripts.read("/conformance/pristine.sql"));

    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql(SCRIPTS.toArray(String[]::new))
            .configured(DialectComparedWithPostgrestTest::withTwoSchemas);

    @RegisterExtension
    static final Oracle oracle = new Oracle(crossfade, SCRIPTS, "public,second");

    private static final Set<String> FACTORIES_RUN = new HashSet<>();

    @AfterAll
    static void noOtherTableWasTouched() {
        assertThat(crossfade.legacy().rows("SELECT pristine.all_changes()")).isEmpty();
    }

    @AfterAll
    static void everyDeclaredDifferenceIsReal() {
        if (FACTORIES_RUN.size() == 2) {
            assertThat(VersionDifferences.unused(oracle.met())).isEmpty();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyReadIsAnsweredAlike() {
        FACTORIES_RUN.add("reads");
        return oracle.tests("/conformance/dialect-reads.http");
    }

    @TestFactory
    Stream<DynamicTest> everyWriteAndFunctionCallIsAnsweredAlikeAndChangesTheSameRows() {
        FACTORIES_RUN.add("writes");
        return oracle.tests("/conformance/dialect-writes.http");
    }

    @TestFactory
    Stream<DynamicTest> embeddingIsRefusedClearly() {
        RestClient rest = crossfade.rest();
        return Scenario.read("/conformance/embedding.http").stream()
                .map(scenario ->
                        dynamicTest(scenario.title(), () -> scenario.send(rest).expectError(501, "CF501")));
    }

    @AfterEach
    void restore() {
        for (String table : List.of("items", "pairs", "logs")) {
            crossfade.legacy().rows("SELECT pristine.restore('" + table + "')");
        }
    }

    // What only version 14 has, or has otherwise, so that version 12 cannot tell what is right.

    @Test
    void anUpdateOfMoreRowsThanAllowedIsUndone() {
        crossfade
                .rest()
                .request("PATCH", "/items?id=lte.3")
                .json("{\"name\":\"x\"}")
                .prefer("handling=strict, max-affected=2")
                .send()
                .expectStatus(400)
                .expectBody("{\"code\":\"PGRST124\",\"details\":\"The query affects 3 rows\",\"hint\":null,"
                        + "\"message\":\"Query result exceeds max-affected preference constraint\"}");
        assertThat(crossfade.legacy().rows("SELECT pristine.changes('items')")).isEmpty();
    }

    @Test
    void aDeleteOfMoreRowsThanAllowedIsUndone() {
        crossfade
                .rest()
                .request("DELETE", "/items?id=lte.3")
                .prefer("handling=strict, max-affected=2")
                .send()
                .expectError(400, "PGRST124");
        assertThat(crossfade.legacy().rows("SELECT pristine.changes('items')")).isEmpty();
    }

    @Test
    void anInsertAffectsNoRowAndIsNotLimited() {
        crossfade
                .rest()
                .request("POST", "/items")
                .json("[{\"id\":901,\"name\":\"x\"},{\"id\":902,\"name\":\"x\"}]")
                .prefer("handling=strict, max-affected=1")
                .send()
                .expectStatus(201);
    }

    @Test
    void aFunctionCalledByGetCannotWriteEvenBehindOneThatClaimsNotTo() {
        RestResponse answer = crossfade.rest().get("/rpc/claims_to_be_stable");
        assertThat(crossfade.legacy().rows("SELECT pristine.changes('logs')")).isEmpty();
        answer.expectError(405, "25006");
    }

    @Test
    void anUpdateOfAsManyRowsAsAllowedIsDone() {
        RestResponse answer = crossfade
                .rest()
                .request("PATCH", "/items?id=lte.2")
                .json("{\"name\":\"x\"}")
                .prefer("handling=strict, max-affected=2")
                .send()
                .expectStatus(204);
        assertThat(answer.header("Preference-Applied")).isEqualTo("handling=strict, max-affected=2");
        assertThat(crossfade.legacy().number("SELECT count(*) FROM items WHERE name = 'x'"))
                .isEqualTo(2);
    }

    @Test
    void withoutStrictHandlingTheAllowedNumberOfRowsIsIgnored() {
        crossfade
                .rest()
                .request("DELETE", "/items?id=lte.3")
                .prefer("max-affected=2")
                .send()
                .expectStatus(204);
        assertThat(crossfade.legacy().number("SELECT count(*) FROM items WHERE id <= 3"))
                .isZero();
    }

    @Test
    void aTreeOfConditionsHoldsForTheRowsAsTheyWereBeforeTheUpdate() {
        crossfade
                .rest()
                .request("PATCH", "/items?or=(id.eq.1,name.eq.banana)&select=id,name&order=id")
                .json("{\"name\":\"x\"}")
                .prefer("return=representation")
                .send()
                .expectStatus(200)
                .expectBody("[{\"id\":1,\"name\":\"x\"}, \n {\"id\":2,\"name\":\"x\"}]");
    }

    @Test
    void aTreeOfConditionsMayNameColumnsThatAreNotReturned() {
        crossfade
                .rest()
                .request("DELETE", "/items?and=(id.gt.2,or(qty.eq.10,active.is.null))&select=id&order=id")
                .prefer("return=representation")
                .send()
                .expectStatus(200)
                .expectBody("[{\"id\":3}, \n {\"id\":6}, \n {\"id\":7}]");
    }

    @Test
    void returnedRowsAreOrdered() {
        crossfade
                .rest()
                .request("DELETE", "/items?id=lte.3&select=id&order=id.desc")
                .prefer("return=representation")
                .send()
                .expectStatus(200)
                .expectBody("[{\"id\":3}, \n {\"id\":2}, \n {\"id\":1}]");
        crossfade
                .rest()
                .request("POST", "/items?columns=\"id\",\"name\"&select=id,name&order=id.desc")
                .json("[{\"id\":100,\"name\":\"a\"},{\"id\":101}]")
                .prefer("return=representation")
                .send()
                .expectStatus(201)
                .expectBody("[{\"id\":101,\"name\":null}, \n {\"id\":100,\"name\":\"a\"}]");
    }

    @Test
    void isNotNullIsAWordOfItsOwn() {
        crossfade
                .rest()
                .get("/items?select=id&qty=is.not_null&id=lte.3&order=id")
                .expectStatus(200)
                .expectBody("[{\"id\":1}, \n {\"id\":3}]");
    }

    @Test
    void aFunctionThatReturnsValuesIsCappedLikeATable() {
        RestResponse answer =
                crossfade.rest().post("/rpc/several", "{\"n\":1500}").expectStatus(200);
        assertThat(answer.json()).hasSize(1_000);
        assertThat(answer.header("Content-Range")).isEqualTo("0-999/*");
    }

    @Test
    void aNulIsLeftOutOfValues() {
        RestClient rest = crossfade.rest();
        rest.get("/items?select=id&name=eq.ap%00ple").expectStatus(200).expectBody("[{\"id\":1}]");
        rest.get("/items?select=id&name=in.(ap%00ple)").expectStatus(200).expectBody("[{\"id\":1}]");
        rest.get("/items?select=id&na%00me=eq.apple").expectError(400, "PGRST100");
    }

    @Test
    void whatIsNotSpokenIsRefusedClearly() {
        RestClient rest = crossfade.rest();
        rest.request("GET", "/items?select=id")
                .header("Accept", "text/csv")
                .send()
                .expectError(406, "PGRST107");
        rest.request("GET", "/items?select=id")
                .header("Accept", "application/geo+json")
                .send()
                .expectError(406, "PGRST107");
        rest.request("GET", "/items?select=id")
                .header("Accept", "application/vnd.pgrst.plan+json")
                .send()
                .expectError(406, "PGRST107");
        rest.request("POST", "/items")
                .header("Content-Type", "text/csv")
                .body("id\n100\n")
                .send()
                .expectError(400, "PGRST102");
        rest.request("POST", "/items")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body("id=100")
                .send()
                .expectError(400, "PGRST102");
    }

    @Test
    void aFunctionThatLacksRightsIsForbidden() {
        crossfade.rest().post("/rpc/fail_with", "{\"state\":\"42501\"}").expectError(403, "42501");
    }

    @Test
    void aFunctionThatFailsAsAShutdownWouldIsAnsweredToo() {
        crossfade.rest().post("/rpc/fail_with", "{\"state\":\"57P01\"}").expectError(503, "57P01");
        crossfade.rest().get("/items?select=id&id=eq.1").expectStatus(200);
    }

    private static Settings withTwoSchemas(Settings settings) {
        RestSettings rest = settings.rest();
        return new Settings(
                settings.legacy(),
                settings.target(),
                new RestSettings(
                        rest.host(),
                        rest.port(),
                        List.of("public", "second"),
                        rest.extraSearchPath(),
                        rest.maxRows(),
                        rest.serviceKeys(),
                        rest.maxBodySize()),
                settings.admin(),
                settings.repositories(),
                settings.pins());
    }
}
