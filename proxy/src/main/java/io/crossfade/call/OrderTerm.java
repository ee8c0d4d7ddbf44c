package io.crossfade.call;

import org.jspecify.annotations.Nullable;

/**
 * One term of an order.
 *
 * @param embed the key of the to-one embed whose field orders the parents, or null for a field of the relation itself
 * @param direction null leaves it to the database
 * @param nulls where nulls go; null leaves it to the database
 */
public record OrderTerm(
        @Nullable String embed,
        Field field,
        @Nullable Direction direction,
        @Nullable Nulls nulls) {
    /** Ascending or descending. */
    public enum Direction {
        ASC,
        DESC
    }

    /** Before or after all other values. */
    public enum Nulls {
        FIRST,
        LAST
    }
}
