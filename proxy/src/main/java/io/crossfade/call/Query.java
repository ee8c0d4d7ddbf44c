package io.crossfade.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a relation: columns, conditions, order and a window of rows. The same shape describes the root of a
 * read, each embedded relation in it, and the rows that a write gives back.
 *
 * @param select what to give back; never empty, {@code *} is an item
 * @param filters conditions that all must hold
 * @param order most significant first
 * @param limit the most rows to give, or null for no limit of the caller's own
 * @param offset rows to skip
 */
public record Query(
        List<SelectItem> select,
        List<Filter> filters,
        List<OrderTerm> order,
        @Nullable Long limit,
        long offset) {
    /** Every column of every row. */
    public static final Query EVERYTHING = new Query(List.of(SelectItem.Star.STAR), List.of(), List.of(), null, 0);

    public Query {
        if (select.isEmpty()) {
            throw new IllegalArgumentException("a query selects at least one item");
        }
        select = List.copyOf(select);
        filters = List.copyOf(filters);
        order = List.copyOf(order);
    }
}
