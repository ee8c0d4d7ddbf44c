package io.crossfade.comparison.answers;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Answer;
import io.crossfade.call.Caller;
import io.crossfade.call.Field;
import io.crossfade.call.OrderTerm;
import io.crossfade.call.Outcome;
import io.crossfade.call.Query;
import io.crossfade.call.Read;
import io.crossfade.call.Repository;
import io.crossfade.call.SelectItem;
import io.crossfade.catalog.Catalog;
import io.crossfade.catalog.Column;
import io.crossfade.catalog.Relation;
import io.crossfade.comparison.Difference;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.settings.CompareSettings;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two answers in their bytes, and what they come to by the types of both sides. */
class AnswersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "numeric | numeric | 1.0 | 1.00 | MATCHED",
                "numeric | integer | 1.00 | 1 | MATCHED",
                "numeric | numeric | 0.30000000000000000001 | 0.3 | MISMATCHED",
                "bigint | bigint | 9007199254740993 | 9007199254740992 | MISMATCHED",
                "numeric | numeric | \"NaN\" | \"NaN\" | MATCHED",
                "numeric | numeric | \"NaN\" | 0 | MISMATCHED",
                "numeric | text | 5 | \"5\" | MISMATCHED",
                "double precision | double precision | 1e+20 | 100000000000000000000 | MATCHED",
                "double precision | double precision | -0 | 0 | MISMATCHED",
                "double precision | numeric | 1.5 | 1.50 | MATCHED",
                "double precision | double precision | \"Infinity\" | \"-Infinity\" | MISMATCHED",
                "timestamp with time zone | timestamp with time zone | \"2026-10-25T02:30:00+03:00\" |"
                        + " \"2026-10-24T23:30:00+00:00\" | MATCHED",
                "timestamp with time zone | timestamp with time zone | \"2026-10-25T02:30:00+03:00\" |"
                        + " \"2026-10-25T02:30:00+02:00\" | MISMATCHED",
                "timestamp with time zone | timestamp without time zone | \"2026-10-25T02:30:00+00:00\" |"
                        + " \"2026-10-25T02:30:00\" | MISMATCHED",
                "timestamp without time zone | timestamp without time zone | \"2026-10-25T02:30:00.5\" |"
                        + " \"2026-10-25T02:30:00.500\" | MATCHED",
                "jsonb | jsonb | {\"a\": 1, \"b\": [1.0]} | {\"b\": [1.00], \"a\": 1} | MATCHED",
                "jsonb | jsonb | {\"a\": null} | {} | MISMATCHED",
                "jsonb | jsonb | [1, 2] | [2, 1] | MISMATCHED",
                "jsonb | jsonb | \"1\" | 1 | MISMATCHED",
                "json | json | {\"a\":1,\"a\":2} | {\"a\":3,\"a\":2} | MISMATCHED",
                "json | json | {\"a\": 1} | {\"a\":1} | MISMATCHED",
                "json | jsonb | {\"a\":1} | {\"a\": 1} | MATCHED",
                "text | text | \"ё\" | \"е\" | MISMATCHED",
                "text | text | \"a\\u0041\" | \"aA\" | MATCHED",
                "text | text | null | \"\" | MISMATCHED",
                "numeric[] | numeric[] | [1.0, null] | [1.00, null] | MATCHED",
                "double precision[] | double precision[] | [-0, 1.50] | [-0.0, 1.5] | MATCHED",
                "double precision[] | double precision[] | [-0] | [0] | MISMATCHED",
                "measure | measure | {\"at\":-0} | {\"at\":0} | MISMATCHED",
                "integer[] | integer[] | [1, null] | [1] | MISMATCHED"
            })
    void valuesAreComparedByTheirTypes(String one, String other, String a, String b, ReadCompared.Verdict expected) {
        Reading reading = reading(one, other, CompareSettings.DEFAULTS, Query.EVERYTHING);

        Verdict verdict = Answers.compare(reading, said(Side.LEGACY, row(1, a)), said(Side.TARGET, row(1, b)));

        assertThat(verdict.result()).isEqualTo(expected);
        assertThat(verdict.columns()).isEqualTo(expected == ReadCompared.Verdict.MISMATCHED ? List.of("v") : List.of());
    }

    @Test
    void rowsWithoutTheirKeyAreComparedAsAMultiset() {
        Query values = new Query(List.of(column("v")), List.of(), List.of(), null, 0);
        Reading reading = reading("numeric", "numeric", CompareSettings.DEFAULTS, values);

        assertThat(compare(reading, "[{\"v\":1.0},{\"v\":2},{\"v\":2}]", "[{\"v\":2},{\"v\":1},{\"v\":2.0}]")
                        .result())
                .isEqualTo(ReadCompared.Verdict.MATCHED);
        Verdict twice =
                compare(reading, "[{\"v\":1},{\"v\":2},{\"v\":2}]", "[{\"v\":1},{\"v\":1},{\"v\":2},{\"v\":2}]");
        assertThat(twice.kinds()).containsExactly("extra");
        assertThat(twice.differences()).extracting(Difference::key).containsOnlyNulls();
    }

    @Test
    void whereALimitCutsNoTotalOrderRowsThatBothGaveAreStillCompared() {
        Query cut = new Query(
                List.of(SelectItem.Star.STAR),
                List.of(),
                List.of(new OrderTerm(null, Field.of("v"), null, null)),
                2L,
                0);
        Reading reading = reading("numeric", "numeric", CompareSettings.DEFAULTS, cut);

        Verdict chosen =
                compare(reading, "[{\"id\":1,\"v\":5},{\"id\":2,\"v\":5}]", "[{\"id\":1,\"v\":5},{\"id\":3,\"v\":5}]");
        assertThat(chosen.result()).isEqualTo(ReadCompared.Verdict.IGNORED);
        assertThat(chosen.kinds()).containsExactly("unstable");
        Verdict wrong =
                compare(reading, "[{\"id\":1,\"v\":5},{\"id\":2,\"v\":5}]", "[{\"id\":1,\"v\":6},{\"id\":3,\"v\":5}]");
        assertThat(wrong.result()).isEqualTo(ReadCompared.Verdict.MISMATCHED);
        assertThat(wrong.kinds()).containsExactly("value");
        Verdict fewer = compare(reading, "[{\"id\":1,\"v\":5},{\"id\":2,\"v\":5}]", "[{\"id\":1,\"v\":5}]");
        assertThat(fewer.kinds()).containsExactly("missing");
    }

    @Test
    void aDifferenceIsNamedByTheColumnsAndNeverByAWordOfTheCaller() {
        Field step = new Field("v", List.of(new Field.JsonStep("79001234567", false, true)));
        Query query = new Query(
                List.of(
                        column("id"),
                        new SelectItem.Column(Field.of("v"), "Анна", null, null, null),
                        new SelectItem.Column(step, null, null, null, null)),
                List.of(),
                List.of(),
                null,
                0);
        Reading reading = reading("text", "text", CompareSettings.DEFAULTS, query);

        Verdict changed = compare(
                reading,
                "[{\"id\":1,\"Анна\":\"a\",\"79001234567\":1}]",
                "[{\"id\":1,\"Анна\":\"b\",\"79001234567\":2}]");
        Verdict gone = compare(reading, "[{\"id\":1,\"Анна\":\"a\",\"79001234567\":1,\"Пётр\":0}]", "[]");

        assertThat(changed.columns()).containsExactly("v", "v#2");
        assertThat(changed.differences().get(0).authority()).hasToString("{\"id\":1,\"v\":\"a\",\"v#2\":1}");
        assertThat(gone.differences().get(0).authority()).hasToString("{\"id\":1,\"v\":\"a\",\"v#2\":1,\"?\":0}");
        Verdict tolerated = compare(
                reading.withNoise(Set.of("Анна")),
                "[{\"id\":1,\"Анна\":\"a\",\"79001234567\":1}]",
                "[{\"id\":1,\"Анна\":\"b\",\"79001234567\":1}]");
        assertThat(tolerated.kinds()).containsExactly("unstable");
        assertThat(tolerated.columns()).containsExactly("v");
    }

    @Test
    void whatNobodyCanNestThatDeepIsComparedAsText() {
        String deep = "[".repeat(5_000) + "1" + "]".repeat(5_000);
        Reading reading = reading("jsonb", "jsonb", CompareSettings.DEFAULTS, Query.EVERYTHING);

        assertThat(compare(
                                reading,
                                "[{\"id\":1,\"v\":" + deep + "}]",
                                "[{\"id\":1,\"v\":" + deep.replace('1', '2') + "}]")
                        .columns())
                .containsExactly("v");
    }

    private static Verdict compare(Reading reading, String authority, String shadow) {
        return Answers.compare(reading, said(Side.LEGACY, authority), said(Side.TARGET, shadow));
    }

    private static String row(int id, String value) {
        return "[{\"id\":" + id + ",\"v\":" + value + "}]";
    }

    private static Said said(Side side, String json) {
        Buffer body = Buffer.buffer(json);
        return new Said(side, Outcome.ofRows(body, Row.read(body).size(), null), null, 1);
    }

    private static SelectItem column(String name) {
        return new SelectItem.Column(Field.of(name), null, null, null, null);
    }

    private static Reading reading(String type, String other, CompareSettings rules, Query query) {
        Read read =
                new Read(Repository.ofDefaultSchema("public", "t"), new Caller(null, "someone"), query, Answer.ROWS);
        return Reading.of(read, catalog(type), catalog(other), rules, Set.of());
    }

    private static Catalog catalog(String type) {
        Map<String, Column> columns = Map.of(
                "id", new Column("id", "integer", false, null, false), "v", new Column("v", type, false, null, false));
        Relation relation = new Relation("public", "t", Relation.Kind.TABLE, columns, List.of("id"), List.of());
        return new Catalog(Map.of("public", Map.of("t", relation)), Map.of());
    }
}
