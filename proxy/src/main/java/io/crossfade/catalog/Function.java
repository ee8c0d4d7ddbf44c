package io.crossfade.catalog;

import java.util.List;
import java.util.Map;

/**
 * A function that can be called by name.
 *
 * @param parameters the input parameters, in order
 * @param returns the shape of what it gives
 * @param returnsSet whether it gives any number of them
 * @param columns the columns of the rows that it gives, by name; empty where they are not rows or not known beforehand
 */
public record Function(
        String schema,
        String name,
        List<Parameter> parameters,
        Returns returns,
        boolean returnsSet,
        Map<String, Column> columns) {
    public Function {
        parameters = List.copyOf(parameters);
    }

    /** The shape of a function's result. */
    public enum Returns {
        NOTHING,
        SCALAR,
        ROW
    }

    /**
     * An input parameter.
     *
     * @param name empty for an unnamed one
     * @param required whether it has no default
     */
    public record Parameter(String name, String type, boolean required, boolean variadic) {}
}
