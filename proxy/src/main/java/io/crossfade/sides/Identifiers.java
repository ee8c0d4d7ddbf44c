package io.crossfade.sides;

/** The one place that quotes identifiers. */
public final class Identifiers {
    private Identifiers() {}

    /**
     * The name as a quoted identifier, whatever it holds (PostgreSQL manual, 4.1.1). PostgreSQL cannot store NUL, so the
     * name ends there, as it does for PostgREST.
     */
    public static String quote(String name) {
        int nul = name.indexOf('\0');
        String storable = nul < 0 ? name : name.substring(0, nul);
        return '"' + storable.replace("\"", "\"\"") + '"';
    }

    /** The name as a string literal, for functions that take names as values (PostgreSQL manual, 4.1.2). */
    public static String literal(String name) {
        return " E'" + name.replace("\\", "\\\\").replace("'", "''") + '\'';
    }

    /** A qualified name. */
    public static String quote(String schema, String name) {
        return quote(schema) + '.' + quote(name);
    }
}
