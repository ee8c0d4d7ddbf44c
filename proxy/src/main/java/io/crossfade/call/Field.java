package io.crossfade.call;

import java.util.List;

/**
 * A column, or a place inside a column's json.
 *
 * @param column the column's name in the application's words
 * @param path the steps into the json, outermost first; empty for the column itself
 */
public record Field(String column, List<JsonStep> path) {
    public Field {
        path = List.copyOf(path);
    }

    /** The column itself. */
    public static Field of(String column) {
        return new Field(column, List.of());
    }

    /**
     * One step into json.
     *
     * @param key the object key, or the array index as text
     * @param index whether the key is an array index
     * @param asText whether the step gives text ({@code ->>}) rather than json ({@code ->})
     */
    public record JsonStep(String key, boolean index, boolean asText) {}
}
