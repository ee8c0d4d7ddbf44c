package io.crossfade.comparison.answers;

import io.crossfade.catalog.Column;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the JSON text of a value is to be understood, by the type of its column. */
enum Kind {
    /** By its value, whatever its scale: 1.0 is 1.00. */
    NUMBER,
    /** By its bits: -0 is not 0. */
    FLOAT,
    /** A moment, whatever the time zone it is written in. */
    INSTANT,
    /** A date and a time of day. */
    MOMENT,
    /** The very text, with its duplicate keys and blanks. */
    TEXT,
    /** A JSON value: its numbers by value, its objects by their keys. Strings are themselves. */
    VALUE;

    private static final Set<String> NUMBERS =
            Set.of("smallint", "integer", "bigint", "numeric", "decimal", "int", "int4");
    private static final Set<String> FLOATS = Set.of("real", "double precision", "float4", "float8");
    private static final Set<String> INSTANTS = Set.of("timestamp with time zone", "timestamptz");
    private static final Set<String> MOMENTS = Set.of("timestamp without time zone", "timestamp");

    static Kind of(@Nullable Column column) {
        return column == null ? VALUE : ofType(column.type());
    }

    static Kind ofType(String type) {
        if (NUMBERS.contains(type)) {
            return NUMBER;
        }
        if (FLOATS.contains(type)) {
            return FLOAT;
        }
        if (INSTANTS.contains(type)) {
            return INSTANT;
        }
        if (MOMENTS.contains(type)) {
            return MOMENT;
        }
        return type.equals("json") || type.equals("json[]") ? TEXT : VALUE;
    }

    /** How values of columns are compared whose types may differ between the sides. */
    static Kind common(Kind a, Kind b) {
        if (a == b) {
            return a;
        }
        boolean numbers = (a == NUMBER || a == FLOAT) && (b == NUMBER || b == FLOAT);
        return numbers ? NUMBER : VALUE;
    }
}
