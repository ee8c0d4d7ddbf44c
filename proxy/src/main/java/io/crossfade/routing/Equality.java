package io.crossfade.routing;

import io.crossfade.call.Filter;
import java.util.ArrayList;
import java.util.List;

/**
 * A column that must have a value for a row to be meant.
 *
 * @param value the caller's text
 */
public record Equality(String column, String value) {
    /** Those that must hold for every row that all the filters let through. */
    public static List<Equality> required(List<Filter> filters) {
        List<Equality> equalities = new ArrayList<>();
        filters.forEach(filter -> collect(filter, equalities));
        return equalities;
    }

    private static void collect(Filter filter, List<Equality> into) {
        if (filter.negated()) {
            return;
        }
        if (filter instanceof Filter.Group group && group.logic() == Filter.Logic.AND) {
            group.members().forEach(member -> collect(member, into));
        }
        if (filter instanceof Filter.Condition condition
                && condition.field().path().isEmpty()
                && condition.test() instanceof Filter.Compare compare
                && compare.operator() == Filter.Operator.EQ
                && compare.quantifier() == null) {
            into.add(new Equality(condition.field().column(), compare.value()));
        }
    }
}
