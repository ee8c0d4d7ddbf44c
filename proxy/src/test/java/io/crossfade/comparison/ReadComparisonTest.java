package io.crossfade.comparison;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.settings.CompareSettings;
import io.crossfade.settings.ComparisonSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestResponse;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads through a proxy are compared, and what differs is told. */
@NullUnmarked // each test opens the rig that it needs
class ReadComparisonTest {
    private static final String CLIENTS = """
            CREATE TABLE clients (id integer PRIMARY KEY, name text, weight integer, sum numeric, seen timestamptz);
            INSERT INTO clients SELECT n, 'Имя ' || n, n / 3, n * 1.10, timestamptz '2026-03-29 00:30:00+00'
              + n * interval '1 minute' FROM generate_series(1, 30) AS n;
            """;

    private ComparisonRig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void sidesThatAnswerTheSameMatchWhateverIsAsked() {
        rig = ComparisonRig.awaited(CLIENTS, "clients");

        for (String path : List.of(
                "/clients",
                "/clients?id=eq.4",
                "/clients?select=name&limit=3",
                "/clients?order=weight&limit=4",
                "/clients?id=eq.999",
                "/clients?nothing=eq.1")) {
            rig.rest().get(path);
        }
        rig.rest()
                .request("HEAD", "/clients?weight=gt.2")
                .prefer("count=exact")
                .send()
                .expectStatus(200);
        rig.rest().request("GET", "/clients?id=eq.999").single().send().expectStatus(406);

        assertThat(rig.drops).isEmpty();
        assertThat(rig.unexpected).isEmpty();
        assertThat(rig.compared).hasSize(8).allMatch(read -> read.verdict() == ReadCompared.Verdict.MATCHED);
        assertThat(rig.mismatches).isEmpty();
    }

    @Test
    void aRowThatDiffersIsNamedByKeyAndColumnsAlsoWhereTheAnswerShowsNoKey() {
        rig = ComparisonRig.awaited(CLIENTS, "clients");
        rig.plant("UPDATE clients SET name = 'другое', sum = 0 WHERE id = 7");

        rig.rest().get("/clients?select=name,sum,weight&weight=eq.2").expectError(502, "CF502");

        Difference difference = rig.confirmedDifferences().get(0);
        assertThat(rig.confirmedDifferences()).hasSize(1);
        assertThat(difference.kind()).isEqualTo(MismatchKind.VALUE);
        assertThat(difference.key()).hasToString("{\"id\":7}");
        assertThat(difference.columns()).containsExactly("name", "sum");
        assertThat(requireNonNull(difference.authority()).get("name").asText()).isEqualTo("Имя 7");
        assertThat(requireNonNull(difference.shadow()).get("name").asText()).isEqualTo("другое");
        assertThat(rig.last().columns()).containsExactly("name", "sum");
        assertThat(rig.last().kinds()).containsExactly("value");
        assertThat(rig.last().confirmed()).isTrue();
    }

    @Test
    void whatACallerCallsAColumnIsNotTold() {
        rig = ComparisonRig.awaited(CLIENTS, "clients");
        rig.plant("UPDATE clients SET name = 'другое' WHERE id = 7");

        RestResponse answer = rig.rest().get("/clients?select=id,ivanova79001234567:name&id=eq.7");

        answer.expectError(502, "CF502");
        assertThat(answer.body()).doesNotContain("ivanova");
        assertThat(rig.last().columns()).containsExactly("name");
        assertThat(rig.mismatches.toString()).doesNotContain("ivanova");
    }

    @Test
    void rowsThatOneSideLacksAreNamedByKey() {
        rig = ComparisonRig.awaited(CLIENTS, "clients");
        rig.plant("DELETE FROM clients WHERE id = 3; INSERT INTO clients VALUES (99, 'лишний')");

        rig.rest().get("/clients?select=name&order=name").expectError(502, "CF502");

        assertThat(rig.confirmedDifferences())
                .extracting(difference -> difference.kind() + " " + difference.key())
                .containsExactly("MISSING {\"id\":3}", "EXTRA {\"id\":99}");
    }

    @Test
    void rowsAgainstNoneAndAnotherCountAreAnotherStatus() {
        rig = ComparisonRig.awaited(CLIENTS, "clients");
        rig.plant("DELETE FROM clients WHERE id = 3");

        rig.rest().get("/clients?id=eq.3").expectError(502, "CF502");
        assertThat(rig.last().kinds()).containsExactly("missing", "status");
        rig.rest().request("HEAD", "/clients").prefer("count=exact").send().expectStatus(502);
        assertThat(rig.last().kinds()).containsExactly("missing", "status");
        rig.rest().request("HEAD", "/clients").prefer("count=planned").send();
        rig.rest()
                .request("GET", "/clients?id=eq.5")
                .prefer("count=planned")
                .send()
                .expectStatus(200);
        assertThat(rig.last().verdict()).isEqualTo(ReadCompared.Verdict.MATCHED);
    }

    @Test
    void aCountOfMoreRowsThanAreLookedAtIsConfirmedWhereNothingIsReplayed() {
        rig = ComparisonRig.awaited(
                CLIENTS + "INSERT INTO clients (id) SELECT n FROM generate_series(31, 1500) AS n;", "clients");
        rig.plant("DELETE FROM clients WHERE id = 1400");

        rig.rest().request("HEAD", "/clients").prefer("count=exact").send().expectStatus(502);

        assertThat(rig.last().kinds()).containsExactly("status");
        assertThat(rig.last().confirmed()).isTrue();
    }

    @Test
    void anErrorAgainstASuccessIsAMismatchByItsCode() {
        rig = ComparisonRig.awaited(CLIENTS, "clients");
        rig.plant("DELETE FROM clients WHERE id = 3");

        rig.rest().request("GET", "/clients?id=eq.3").single().send().expectError(502, "CF502");

        Difference difference = rig.confirmedDifferences().get(0);
        assertThat(difference.kind()).isEqualTo(MismatchKind.ERROR);
        assertThat(difference.authority()).isNull();
        assertThat(requireNonNull(difference.shadow()).asText()).isEqualTo("PGRST116");
        assertThat(rig.last().shadow().code()).isEqualTo("PGRST116");
    }

    @Test
    void anotherOrderIsAMismatchOnlyWhereTheOrderLeavesNoChoice() {
        rig = ComparisonRig.withDifferentScripts(
                "CREATE TABLE words (word text COLLATE \"C\" PRIMARY KEY, n integer);"
                        + " INSERT INTO words VALUES ('a', 1), ('B', 1), ('c', 1)",
                "CREATE TABLE words (word text COLLATE \"en-US-x-icu\" PRIMARY KEY, n integer);"
                        + " INSERT INTO words VALUES ('a', 1), ('B', 1), ('c', 1)",
                "words");

        rig.rest().get("/words").expectStatus(200);
        rig.rest().get("/words?order=n").expectStatus(200);
        rig.rest().get("/words?order=n,word").expectError(502, "CF502");

        assertThat(rig.last().kinds()).containsExactly("order");
    }

    @Test
    void withAnotherCollationNoReadWithoutATotalOrderDiffers() {
        String table = "CREATE TABLE words (id integer PRIMARY KEY, word text COLLATE \"%s\", n integer);"
                + " INSERT INTO words SELECT i, chr(CASE WHEN i %% 2 = 0 THEN 64 ELSE 96 END + i %% 26 + 1) || i, i %% 4"
                + " FROM generate_series(1, 60) AS i";
        rig = ComparisonRig.withDifferentScripts(
                String.format(table, "C"), String.format(table, "en-US-x-icu"), "words");

        for (String path : List.of(
                "/words",
                "/words?order=word",
                "/words?select=word&order=word",
                "/words?order=word&limit=7",
                "/words?order=word&limit=7&offset=5",
                "/words?select=n&order=word&limit=9",
                "/words?select=word&order=n")) {
            rig.rest().get(path).expectStatus(200);
        }

        assertThat(rig.compared).hasSize(7).noneMatch(read -> read.verdict() == ReadCompared.Verdict.MISMATCHED);
        assertThat(rig.compared.get(3).verdict()).isEqualTo(ReadCompared.Verdict.IGNORED);
        assertThat(rig.compared.get(3).kinds()).containsExactly("unstable");
        assertThat(rig.mismatches).isEmpty();
    }

    @Test
    void whatIsConfiguredNotToMatterIsIgnoredAndNothingElse() {
        CompareSettings rules =
                new CompareSettings(false, null, Set.of("name"), new BigDecimal("0.005"), Duration.ofMillis(1));
        rig = ComparisonRig.with(CLIENTS, rules, settings -> settings, "clients");
        rig.plant("UPDATE clients SET name = 'другое' WHERE id = 1; UPDATE clients SET sum = sum + 0.005 WHERE id = 2;"
                + " UPDATE clients SET seen = seen + interval '0.000999' WHERE id = 3;"
                + " UPDATE clients SET sum = sum + 0.0051 WHERE id = 4;"
                + " UPDATE clients SET seen = seen + interval '0.001' WHERE id = 5");

        rig.rest().get("/clients?id=lte.3").expectStatus(200);
        assertThat(rig.last().verdict()).isEqualTo(ReadCompared.Verdict.IGNORED);
        assertThat(rig.last().columns()).containsExactly("name", "seen", "sum");
        rig.rest().get("/clients?select=sum&id=eq.2").expectStatus(200);
        assertThat(rig.last().verdict()).isEqualTo(ReadCompared.Verdict.IGNORED);
        rig.rest().get("/clients?id=eq.4").expectError(502, "CF502");
        assertThat(rig.last().columns()).containsExactly("sum");
        rig.rest().get("/clients?id=eq.5").expectError(502, "CF502");
        assertThat(rig.last().columns()).containsExactly("seen");
    }

    @Test
    void aColumnThatDiffersAgainstItselfIsUnstableAndNoMismatch() {
        rig = ComparisonRig.awaited(
                CLIENTS + "CREATE FUNCTION chance(clients) RETURNS float VOLATILE LANGUAGE sql AS 'SELECT random()';",
                "clients");

        rig.rest().get("/clients?select=id,chance&order=id").expectStatus(200);
        assertThat(rig.last().verdict()).isEqualTo(ReadCompared.Verdict.IGNORED);
        assertThat(rig.last().kinds()).containsExactly("unstable");
        assertThat(rig.last().columns()).containsExactly("chance");

        rig.plant("UPDATE clients SET name = 'другое' WHERE id = 1");
        rig.rest().get("/clients?select=id,name,chance&order=id").expectError(502, "CF502");
        assertThat(rig.last().columns()).containsExactly("name");
    }

    @Test
    void aNullIsNotAnAbsentColumn() {
        rig = ComparisonRig.withDifferentScripts(
                "CREATE TABLE t (id integer PRIMARY KEY, extra text); INSERT INTO t VALUES (1, NULL)",
                "CREATE TABLE t (id integer PRIMARY KEY, extra text, more text); INSERT INTO t VALUES (1, NULL)",
                "t");

        rig.rest().get("/t").expectError(502, "CF502");

        assertThat(rig.last().columns()).containsExactly("more");
    }

    @Test
    void aFailedComparisonNamesKindsAndColumnsAndNoValue() {
        rig = ComparisonRig.awaited(CLIENTS, "clients");
        rig.plant("UPDATE clients SET name = 'тайна' WHERE id = 7");

        RestResponse answer = rig.rest().get("/clients?id=eq.7");

        answer.expectError(502, "CF502");
        assertThat(answer.body()).contains("value", "name").doesNotContain("тайна", "Имя");
    }

    @Test
    void oneCallIsComparedByTheHeaderAndTheTokenOfAnOperatorAlone() {
        rig = ComparisonRig.with(
                CLIENTS,
                CompareSettings.DEFAULTS,
                settings -> settings.with(ComparisonSettings.DEFAULTS.sampling(0)),
                "clients");

        rig.rest().get("/clients?id=eq.1").expectStatus(200);
        rig.rest()
                .request("GET", "/clients?id=eq.2")
                .header("X-Crossfade-Compare", "always")
                .send()
                .expectStatus(200);
        rig.rest()
                .request("GET", "/clients?id=eq.3")
                .header("X-Crossfade-Compare", "always")
                .header("X-Crossfade-Token", "wrong")
                .send()
                .expectStatus(200);
        rig.rest()
                .request("GET", "/clients?weight=eq.4")
                .header("X-Crossfade-Compare", "always")
                .header("X-Crossfade-Token", CrossfadeExtension.ADMIN_TOKEN)
                .send()
                .expectStatus(200);
        ComparisonRig.await("it is compared", () -> !rig.compared.isEmpty());

        assertThat(rig.compared).hasSize(1);
        assertThat(rig.last().shape()).isEqualTo("clients findMany select=* weight=eq.? limit");
    }
}
