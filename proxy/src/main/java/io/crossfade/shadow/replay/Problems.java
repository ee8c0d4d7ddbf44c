package io.crossfade.shadow.replay;

import io.vertx.pgclient.PgException;
import java.util.Map;
import java.util.Set;

/** Says what went wrong without any value of the application's data: PostgreSQL's own messages quote values. */
final class Problems {
    /** Classes that blame the database, the session or the schema, and never one row (PostgreSQL manual, appendix A). */
    private static final Set<String> NOT_THE_ROW = Set.of(
            "08", "0A", "0B", "25", "26", "28", "34", "3D", "3F", "40", "42", "53", "55", "57", "58", "CF", "XX");

    private static final Map<String, String> MEANINGS = Map.of(
            "22001", "a text is too long for its column",
            "22003", "a number is out of range for its column",
            "22007", "a date or time does not fit its column",
            "22P02", "a value does not fit the type of its column",
            "23502", "a value is missing where there must be one",
            "23503", "a row that it refers to, or that refers to it, is in the way",
            "23505", "another row holds a value that may exist only once",
            "23514", "a check refuses it",
            "23P01", "another row excludes it");

    private Problems() {}

    static boolean blameOneRow(PgException error) {
        String state = error.getSqlState();
        return state != null && state.length() == 5 && !NOT_THE_ROW.contains(state.substring(0, 2));
    }

    static String describe(Throwable error) {
        if (!(error instanceof PgException said) || said.getSqlState() == null) {
            return error.getClass().getSimpleName() + ": " + error.getMessage();
        }
        StringBuilder text = new StringBuilder(MEANINGS.getOrDefault(said.getSqlState(), "the database refused it"));
        name(text, "table", said.getTable());
        name(text, "column", said.getColumn());
        name(text, "constraint", said.getConstraint());
        name(text, "type", said.getDataType());
        return text.append(" (SQLSTATE ").append(said.getSqlState()).append(')').toString();
    }

    @SuppressWarnings("NullAway") // the driver's fields may be null
    private static void name(StringBuilder text, String what, String name) {
        if (name != null && !name.isEmpty()) {
            text.append(", ").append(what).append(' ').append(name);
        }
    }
}
