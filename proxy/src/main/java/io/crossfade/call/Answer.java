package io.crossfade.call;

import org.jspecify.annotations.Nullable;

/**
 * How the answer is to be shaped.
 *
 * @param shape rows as an array, or exactly one row as an object (anything else fails, and a write is undone)
 * @param nullsStripped whether keys with null are left out
 * @param body whether rows are wanted at all, or only what is known about them
 * @param location whether the key of a single inserted row is wanted
 * @param count how to count the rows beyond the window
 * @param maxAffected the most rows that a write may touch before it is undone, or null
 */
public record Answer(
        Shape shape,
        boolean nullsStripped,
        boolean body,
        boolean location,
        Count count,
        @Nullable Long maxAffected) {
    /** All rows, as an array. */
    public static final Answer ROWS = new Answer(Shape.ARRAY, false, true, false, Count.NONE, null);

    /** The same, however many rows a write touches. */
    public Answer affectingAnyNumber() {
        return new Answer(shape, nullsStripped, body, location, count, null);
    }

    /** An array of rows, or one row. */
    public enum Shape {
        ARRAY,
        OBJECT
    }

    /** How the total is counted. */
    public enum Count {
        NONE,
        EXACT,
        PLANNED,
        ESTIMATED
    }
}
