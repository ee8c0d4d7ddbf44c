package io.crossfade.execution.fresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Answer;
import io.crossfade.call.Caller;
import io.crossfade.call.Delete;
import io.crossfade.call.Field;
import io.crossfade.call.Filter;
import io.crossfade.call.Insert;
import io.crossfade.call.Query;
import io.crossfade.call.Read;
import io.crossfade.call.Repository;
import io.crossfade.call.Rows;
import io.crossfade.call.Update;
import io.crossfade.catalog.Catalog;
import io.crossfade.catalog.Column;
import io.crossfade.catalog.Relation;
import io.crossfade.migration.Side;
import io.crossfade.routing.ShadowState;
import io.crossfade.routing.Shadows;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which reads may miss a write that the shadow does not have yet. */
class OwnWritesTest {
    private static final Caller SOMEONE = new Caller(null, "someone");
    private static final Map<String, Relation> RELATIONS = Map.of(
            "clients", relation("clients", "id", "bigint", "phone", "text", "at", "timestamp with time zone"),
            "visits", relation("visits", "id", "bigint", "client_id", "bigint"));
    private static final Catalog CATALOG = new Catalog(Map.of("public", RELATIONS), Map.of());

    private final ShadowState state = seen(Duration.ZERO);
    private final OwnWrites writes =
            new OwnWrites((name, authority) -> new Both(), side -> CATALOG, Duration.ofSeconds(35));

    @Test
    void anUpdateConcernsReadsThatCanSeeItsRows() {
        var unused = sendUpdate("name", equal("id", "5"));

        assertThat(mayMiss(equal("id", "5"))).isTrue();
        assertThat(mayMiss(equal("id", "05"))).as("the same number").isTrue();
        assertThat(mayMiss(equal("phone", "7"))).as("another column").isTrue();
        assertThat(mayMiss()).isTrue();
        assertThat(mayMiss(equal("id", "6"))).isFalse();
        assertThat(mayMiss(equal("id", "6"), equal("phone", "7"))).isFalse();
    }

    @Test
    void anUpdateThatSetsTheColumnOfItsFilterConcernsReadsOfTheNewValue() {
        var unused = sendUpdate("id", equal("id", "5"));

        assertThat(mayMiss(equal("id", "6"))).isTrue();
    }

    @Test
    void valuesOfATypeThatHasManyFormsTellNoRowsApart() {
        var unused = sendUpdate("name", equal("at", "2026-01-01T00:00:00Z"));

        assertThat(mayMiss(equal("at", "2026-01-01T01:00:00+01:00"))).isTrue();
    }

    @Test
    void anInsertConcernsAllReadsOfItsRepositoryAndNoOther() {
        Rows rows = rows("id");
        SentWrite unused = writes.sending(
                new Insert(repository("clients"), SOMEONE, rows, null, Query.EVERYTHING, Answer.ROWS), Side.LEGACY);

        assertThat(mayMiss(equal("id", "6"))).isTrue();
        assertThat(writes.mayMiss(read("visits"), Side.LEGACY, state)).isFalse();
    }

    @Test
    void aDeleteMayCascadeAndConcernsAllReadsOfItsGroup() {
        Delete delete =
                new Delete(repository("clients"), SOMEONE, List.of(equal("id", "5")), Query.EVERYTHING, Answer.ROWS);
        SentWrite sent = writes.sending(delete, Side.LEGACY);
        sent.ended(null);

        assertThat(mayMiss(equal("id", "6"))).isTrue();
        assertThat(writes.mayMiss(read("visits"), Side.LEGACY, state)).isTrue();
        assertThat(writes.mayMiss(read("visits"), Side.LEGACY, seen(Duration.ofSeconds(1))))
                .isFalse();
    }

    @Test
    void beyondSoManyNamedUpdatesTheWholeRepositoryCounts() {
        for (int n = 0; n < OwnWrites.MOST_NAMED; n++) {
            var unused = sendUpdate("name", equal("id", "5"));
        }
        assertThat(mayMiss(equal("id", "6"))).isFalse();
        var unused = sendUpdate("name", equal("id", "5"));
        assertThat(mayMiss(equal("id", "6"))).isTrue();
    }

    @Test
    void whatTheShadowHasIsForgotten() {
        sendUpdate("name", equal("id", "5")).ended(null);

        assertThat(mayMiss(equal("id", "5"))).isTrue();
        assertThat(writes.mayMiss(read("clients", equal("id", "5")), Side.LEGACY, seen(Duration.ofSeconds(1))))
                .isFalse();
    }

    private SentWrite sendUpdate(String column, Filter filter) {
        return writes.sending(
                new Update(
                        repository("clients"), SOMEONE, rows(column), List.of(filter), Query.EVERYTHING, Answer.ROWS),
                Side.LEGACY);
    }

    private boolean mayMiss(Filter... filters) {
        return writes.mayMiss(read("clients", filters), Side.LEGACY, state);
    }

    private static Read read(String repository, Filter... filters) {
        Query query = new Query(Query.EVERYTHING.select(), Arrays.asList(filters), List.of(), null, 0);
        return new Read(repository(repository), SOMEONE, query, Answer.ROWS);
    }

    private static Rows rows(String column) {
        return new Rows(Buffer.buffer("{}"), List.of(column), false, false);
    }

    private static Filter equal(String column, String value) {
        return new Filter.Condition(false, Field.of(column), new Filter.Compare(Filter.Operator.EQ, null, value));
    }

    private static Repository repository(String name) {
        return Repository.ofDefaultSchema("public", name);
    }

    private static Relation relation(String name, String... columnsAndTypes) {
        Map<String, Column> columns = new java.util.HashMap<>();
        for (int i = 0; i < columnsAndTypes.length; i += 2) {
            String column = columnsAndTypes[i];
            columns.put(column, new Column(column, columnsAndTypes[i + 1], false, null, false));
        }
        return new Relation("public", name, Relation.Kind.TABLE, columns, List.of("id"), List.of());
    }

    private static ShadowState seen(Duration fromNow) {
        long nanos = System.nanoTime() + fromNow.toNanos();
        OffsetDateTime asOf = OffsetDateTime.now(ZoneOffset.UTC);
        return new ShadowState(asOf, asOf.minusDays(1), nanos, nanos, null);
    }

    private static final class Both implements Shadows.Group {
        @Override
        public String name() {
            return "people";
        }

        @Override
        public ShadowState state() {
            return seen(Duration.ofDays(-1));
        }

        @Override
        public Future<Void> caughtUp() {
            return Future.succeededFuture();
        }
    }
}
