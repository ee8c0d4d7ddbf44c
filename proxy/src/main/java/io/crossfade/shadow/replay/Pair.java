package io.crossfade.shadow.replay;

import java.util.Set;

/**
 * A column that both sides have.
 *
 * @param name its name
 * @param from how the authority has it
 * @param to how the shadow has it
 */
record Pair(String name, Type from, Type to, boolean nullable, boolean identityAlways) {
    /** Types whose binary form is the same on every server and names no object of one database, as an enum's or regclass's does. */
    private static final Set<String> SAME_IN_BINARY = Set.of(
            "smallint",
            "integer",
            "bigint",
            "real",
            "double precision",
            "numeric",
            "boolean",
            "text",
            "character varying",
            "bpchar",
            "bytea",
            "uuid",
            "date",
            "time without time zone",
            "time with time zone",
            "timestamp without time zone",
            "timestamp with time zone",
            "interval",
            "json",
            "jsonb",
            "inet",
            "cidr",
            "macaddr");

    boolean sameType() {
        return from.equals(to);
    }

    /** Whether COPY can carry its values in binary, so that nobody prints or parses them; else they travel as text. */
    boolean isBinary() {
        String base = from.base();
        String element = base.endsWith("[]") ? base.substring(0, base.length() - 2) : base;
        return sameType() && SAME_IN_BINARY.contains(element);
    }

    /**
     * A type.
     *
     * @param base the name to cast to, without length or precision: a cast with them would cut silently
     * @param modifier {@code atttypmod}
     * @param category {@code typcategory}: N for numbers, S for strings, D for dates and times
     */
    record Type(String base, int modifier, String category) {
        boolean is(String wanted) {
            return category.equals(wanted);
        }
    }
}
