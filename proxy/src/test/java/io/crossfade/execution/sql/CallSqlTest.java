package io.crossfade.execution.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.call.Answer;
import io.crossfade.call.Answer.Count;
import io.crossfade.call.Answer.Shape;
import io.crossfade.call.CallFailure;
import io.crossfade.call.Caller;
import io.crossfade.call.Delete;
import io.crossfade.call.Field;
import io.crossfade.call.Filter;
import io.crossfade.call.Filter.Compare;
import io.crossfade.call.Filter.Condition;
import io.crossfade.call.Filter.In;
import io.crossfade.call.Filter.Operator;
import io.crossfade.call.Insert;
import io.crossfade.call.OnConflict;
import io.crossfade.call.OnConflict.Resolution;
import io.crossfade.call.OrderTerm;
import io.crossfade.call.Query;
import io.crossfade.call.Read;
import io.crossfade.call.Repository;
import io.crossfade.call.Rows;
import io.crossfade.call.SelectItem;
import io.crossfade.call.SelectItem.Star;
import io.crossfade.catalog.Catalog;
import io.crossfade.catalog.Column;
import io.crossfade.catalog.Relation;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A call in, a statement and its values out. */
class CallSqlTest {
    private static final Repository PEOPLE = Repository.ofDefaultSchema("public", "people");
    private static final Caller CALLER = new Caller(null, "test");
    private static final Catalog CATALOG = catalog();

    @Test
    void aReadIsOneSelectWithItsValuesCastToTheTypesOfTheirColumns() {
        Statement statement = CallSql.render(read(List.of(equal("id", "5")), 10L), CATALOG);
        assertThat(statement.text())
                .isEqualTo("SELECT NULL::bigint, count(*),"
                        + " convert_to((coalesce(json_agg(_crossfade_row), '[]'))::text, 'UTF8'), NULL::bigint, NULL::text,"
                        + " 0 + num_nulls(CAST($1::text AS bigint))"
                        + " FROM (SELECT \"public\".\"people\".* FROM \"public\".\"people\""
                        + " WHERE \"public\".\"people\".\"id\" = CAST($1::text AS bigint) LIMIT $2::bigint)"
                        + " AS _crossfade_row");
        assertThat(values(statement)).containsExactly("5", 10L);
    }

    @Test
    void theTextOfAStatementDependsOnTheShapeOfItsCallAlone() {
        Statement one = CallSql.render(read(List.of(equal("name", "Анна"), in("id", "1")), 10L), CATALOG);
        Statement other = CallSql.render(
                read(List.of(equal("name", "x'; DROP TABLE people; --"), in("id", "2", "3")), 7L), CATALOG);
        assertThat(other.text()).isEqualTo(one.text());
        assertThat(values(other)).containsExactly("x'; DROP TABLE people; --", "{\"2\",\"3\"}", 7L);
    }

    @Test
    void namesAreQuotedWhateverTheyHold() {
        String hostile = "id\" = 1; DROP TABLE people; --";
        Statement statement = CallSql.render(read(List.of(equal(hostile, "5")), null), CATALOG);
        assertThat(statement.text()).contains("\"id\"\" = 1; DROP TABLE people; --\" = CAST($1::text AS text)");
    }

    @Test
    void moreFiltersThanAFunctionTakesArgumentsAreStillAllChecked() {
        List<Filter> filters =
                IntStream.range(0, 250).mapToObj(n -> equal("id", "1")).toList();
        String text = CallSql.render(read(filters, null), CATALOG).text();
        assertThat(text.split("num_nulls", -1)).hasSize(4);
    }

    @Test
    void anUpsertCountsItsAddedRowsInTheSameStatement() {
        Rows rows = new Rows(Buffer.buffer("[{\"id\":1,\"name\":\"a\"}]"), List.of("id", "name"), true, false);
        Insert upsert = new Insert(
                PEOPLE,
                CALLER,
                rows,
                new OnConflict(List.of(), Resolution.MERGE_DUPLICATES),
                Query.EVERYTHING,
                withoutBody());
        Statement statement = CallSql.render(upsert, CATALOG);
        assertThat(statement.text())
                .isEqualTo("WITH _crossfade_source AS (INSERT INTO \"public\".\"people\"(\"id\", \"name\")"
                        + " SELECT _crossfade_body.\"id\", _crossfade_body.\"name\""
                        + " FROM (SELECT convert_from($1::bytea, 'UTF8')::json AS document) AS _crossfade_payload,"
                        + " LATERAL (SELECT \"id\", \"name\" FROM json_to_recordset(_crossfade_payload.document)"
                        + " AS _(\"id\" bigint, \"name\" text)) AS _crossfade_body"
                        + " ON CONFLICT(\"id\") DO UPDATE SET \"id\" = EXCLUDED.\"id\", \"name\" = EXCLUDED.\"name\""
                        + " RETURNING 1, xmax = 0 AS _crossfade_inserted)"
                        + " SELECT NULL::bigint, count(*), ''::bytea,"
                        + " (SELECT count(*) FROM _crossfade_source WHERE _crossfade_inserted), NULL::text, 0, 0"
                        + " FROM (SELECT 1 FROM _crossfade_source) AS _crossfade_row");
        assertThat(values(statement)).containsExactly(rows.json());
    }

    @Test
    void aWriteThatMustTouchOneRowEndsItselfOtherwise() {
        Answer object = new Answer(Shape.OBJECT, false, true, false, Count.NONE, null);
        Delete delete = new Delete(PEOPLE, CALLER, List.of(equal("id", "5")), Query.EVERYTHING, object);
        Statement statement = CallSql.render(delete, CATALOG);
        assertThat(statement.text()).contains("CASE WHEN count(*) <> 1 THEN CAST('crossfade-");
        assertThat(ResultSql.abortedWithRows("invalid input syntax for type integer: \"crossfade-1:2\""))
                .isNull();
    }

    @Test
    void anUnknownRelationIsFoundBeforeAnySqlIsSent() {
        Read read = new Read(Repository.ofDefaultSchema("public", "nothing"), CALLER, Query.EVERYTHING, Answer.ROWS);
        assertThatThrownBy(() -> CallSql.render(read, CATALOG))
                .isInstanceOfSatisfying(
                        CallFailure.class, failure -> assertThat(failure.kind()).isEqualTo(CallFailure.Code.PGRST205));
    }

    private static Read read(List<Filter> filters, @Nullable Long limit) {
        List<SelectItem> everything = List.of(Star.STAR);
        return new Read(PEOPLE, CALLER, new Query(everything, filters, List.<OrderTerm>of(), limit, 0), Answer.ROWS);
    }

    private static Answer withoutBody() {
        return new Answer(Shape.ARRAY, false, false, false, Count.NONE, null);
    }

    private static Filter equal(String column, String value) {
        return new Condition(false, Field.of(column), new Compare(Operator.EQ, null, value));
    }

    private static Filter in(String column, String... values) {
        return new Condition(false, Field.of(column), new In(List.of(values)));
    }

    private static List<Object> values(Statement statement) {
        Tuple parameters = statement.parameters();
        return IntStream.range(0, parameters.size())
                .mapToObj(parameters::getValue)
                .toList();
    }

    private static Catalog catalog() {
        Map<String, Column> columns = new LinkedHashMap<>();
        columns.put("id", new Column("id", "bigint", false, null, false));
        columns.put("name", new Column("name", "text", true, null, false));
        Relation people = new Relation("public", "people", Relation.Kind.TABLE, columns, List.of("id"), List.of());
        return new Catalog(Map.of("public", Map.of("people", people)), Map.of());
    }
}
