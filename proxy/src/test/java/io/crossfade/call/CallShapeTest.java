package io.crossfade.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Filter.Compare;
import io.crossfade.call.Filter.Condition;
import io.crossfade.call.Filter.Group;
import io.crossfade.call.Filter.In;
import io.crossfade.call.Filter.Is;
import io.crossfade.call.Filter.Logic;
import io.crossfade.call.Filter.Operator;
import io.crossfade.call.Filter.Truth;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A shape names what a call asks, and nothing of what for. */
class CallShapeTest {
    private static final String SECRET = "79991234567";

    @Test
    void theShapeOfAReadHoldsNamesAndNoValues() {
        Query query = new Query(
                List.of(column("id"), column("name")),
                List.of(equal("phone", SECRET)),
                List.of(new OrderTerm(null, Field.of("id"), OrderTerm.Direction.ASC, null)),
                10L,
                0);

        assertThat(shape(query)).isEqualTo("clients findMany select=id,name phone=eq.? order=id.asc limit");
    }

    @Test
    void theOrderOfFiltersAndTheLengthOfListsMakeNoOtherShape() {
        Filter in = new Condition(false, Field.of("id"), new In(List.of("1", SECRET)));
        Filter longer = new Condition(false, Field.of("id"), new In(List.of("1", "2", "3")));
        Filter none = new Condition(true, Field.of("gone"), new Is(Truth.NULL));

        assertThat(shape(filtered(in, none)))
                .isEqualTo(shape(filtered(none, longer)))
                .isEqualTo("clients findMany select=* gone=not.is.null id=in.?");
    }

    @Test
    void alternativesOfAnyNumberAreOneShape() {
        List<Filter> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(equal("phone", SECRET + i));
        }
        many.add(new Group(true, Logic.AND, List.of(equal("name", SECRET))));

        assertThat(shape(filtered(new Group(false, Logic.OR, many))))
                .isEqualTo("clients findMany select=* or(phone.eq.?,not.and(name.eq.?))");
    }

    @Test
    void aValueInThePlaceOfANameIsLeftOut() {
        Filter number = equal(SECRET, "x");
        Field path = new Field("data", List.of(new Field.JsonStep(SECRET, false, true)));
        Filter inside = new Condition(false, path, new Compare(Operator.EQ, null, SECRET));

        assertThat(shape(filtered(number, inside, equal("Иван Петров", "x"))))
                .isEqualTo("clients findMany select=* ?=eq.? data->>?=eq.?");
    }

    @Test
    void aCastThatMayBeNoTypeIsLeftOut() {
        Query query = new Query(
                List.of(cast("id", "text"), cast("id", "Ivanova"), cast("id", SECRET)), List.of(), List.of(), null, 0);

        assertThat(shape(query)).isEqualTo("clients findMany select=id::text,id::?,id::?");
    }

    @Test
    void itsLengthIsBoundedAndLongShapesStayApart() {
        List<Filter> one = new ArrayList<>();
        List<Filter> other = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            one.add(equal("column_" + i, SECRET));
            other.add(equal("column_" + i, SECRET));
        }
        other.add(equal("z", SECRET));

        assertThat(shape(filtered(one.toArray(Filter[]::new)))).hasSize(400);
        assertThat(shape(filtered(one.toArray(Filter[]::new))))
                .isNotEqualTo(shape(filtered(other.toArray(Filter[]::new))));
    }

    private static String shape(Query query) {
        return CallShape.of(new Read(
                Repository.ofDefaultSchema("public", "clients"), new Caller(null, "someone"), query, Answer.ROWS));
    }

    private static Query filtered(Filter... filters) {
        return new Query(List.of(SelectItem.Star.STAR), List.of(filters), List.of(), null, 0);
    }

    private static SelectItem.Column column(String name) {
        return new SelectItem.Column(Field.of(name), null, null, null, null);
    }

    private static SelectItem.Column cast(String name, String type) {
        return new SelectItem.Column(Field.of(name), null, type, null, null);
    }

    private static Filter equal(String column, String value) {
        return new Condition(false, Field.of(column), new Compare(Operator.EQ, null, value));
    }
}
