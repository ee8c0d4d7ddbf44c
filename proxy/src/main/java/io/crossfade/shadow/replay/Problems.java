package io.crossfade.shadow.replay;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what went wrong without any value of the application's data. PostgreSQL's messages, details, hints and contexts quote
 * values, triggers put whatever they like into every field, and the driver quotes parameters: so nothing is taken over but
 * what is known to be free of them, and every sentence is one of ours.
 */
final class Problems {
    /** Classes that blame the database, the session or the schema, and never one row (PostgreSQL manual, appendix A). */
    private static final Set<String> NOT_THE_ROW = Set.of(
            "08", "0A", "0B", "25", "26", "28", "34", "3D", "3F", "40", "42", "53", "55", "57", "58", "CF", "XX");

    /** A trigger may raise five characters of its choice, which may come from a row. */
    private static final Set<String> OTHER_CLASSES = Set.of(
            "00", "01", "02", "03", "09", "0F", "0L", "0P", "0Z", "20", "21", "22", "23", "24", "27", "2B", "2D", "2F",
            "38", "39", "3B", "44", "54", "72", "F0", "HV", "P0");

    /**
     * Where the server itself fills in the names of table, column, constraint and type. PL/pgSQL's RAISE can fill them with
     * values of the row, and then another file is named, which no function can choose.
     */
    private static final Set<String> NAMED_BY_SERVER = Set.of(
            "execMain.c",
            "execIndexing.c",
            "execExprInterp.c",
            "execPartition.c",
            "domains.c",
            "nbtinsert.c",
            "ri_triggers.c",
            "tuplesort.c",
            "tuplesortvariants.c");

    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("02000", "the shadow left the row out"),
            Map.entry("22001", "a text is too long for its column"),
            Map.entry("22003", "a number is out of range for its column"),
            Map.entry("22007", "a date or time does not fit its column"),
            Map.entry("22008", "a date or time does not fit its column"),
            Map.entry("22021", "a character is not one of the database's encoding"),
            Map.entry("22P02", "a value does not fit the type of its column"),
            Map.entry("22P05", "a character cannot be written in the database's encoding"),
            Map.entry("23502", "a value is missing where there must be one"),
            Map.entry("23503", "a row that it refers to, or that refers to it, is in the way"),
            Map.entry("23505", "another row holds a value that may exist only once"),
            Map.entry("23514", "a check refuses it"),
            Map.entry("23P01", "another row excludes it"),
            Map.entry("42501", "the login lacks a right"),
            Map.entry("53100", "the disk is full"),
            Map.entry("53300", "there are too many connections"));

    private static final Map<String, String> MEANINGS_OF_CLASSES = Map.of(
            "08", "the connection failed",
            "22", "a value does not fit its column",
            "23", "a constraint refuses it",
            "28", "the login was refused",
            "40", "the transaction was undone and has to be repeated",
            "42", "tables or functions are not as they should be",
            "53", "the database is short of memory, disk or connections",
            "54", "it is larger than the database can take",
            "57", "the database ended it",
            "P0", "a trigger or function refuses it");

    /** The driver does not say more, such as whose certificate was not accepted. */
    private static final String NO_HANDSHAKE = "SSL handshake failed";

    private Problems() {}

    static boolean blameOneRow(PgException error) {
        return blameOneRow(error.getSqlState());
    }

    static boolean blameOneRow(@Nullable String state) {
        return state != null && state.length() == 5 && !NOT_THE_ROW.contains(state.substring(0, 2));
    }

    /** The code as it may be shown: {@code other} for one that PostgreSQL does not know. */
    static String sqlState(PgException error) {
        return sqlState(error.getSqlState());
    }

    /** As {@link #sqlState(PgException)}. */
    static String sqlState(@Nullable String state) {
        if (state == null || state.length() != 5) {
            return "other";
        }
        String family = state.substring(0, 2);
        return NOT_THE_ROW.contains(family) || OTHER_CLASSES.contains(family) ? state : "other";
    }

    static String describe(Throwable error) {
        if (error instanceof PgException said && said.getSqlState() != null) {
            return describe(said);
        }
        if (error instanceof VertxException && NO_HANDSHAKE.equals(error.getMessage())) {
            return "no encrypted connection to a database could be made: check its sslmode, sslrootcert and host name";
        }
        if (isOurs(error)) {
            return String.valueOf(error.getMessage());
        }
        if (error instanceof ClosedConnectionException
                || error instanceof IOException
                || error instanceof VertxException) {
            return "the connection to a database was lost";
        }
        return "a fault of Crossfade (" + error.getClass().getSimpleName() + ")";
    }

    private static String describe(PgException said) {
        String state = sqlState(said);
        StringBuilder text = new StringBuilder(meaning(state));
        if (NAMED_BY_SERVER.contains(String.valueOf(said.getFile()))) {
            name(text, "table", said.getTable());
            name(text, "column", said.getColumn());
            name(text, "constraint", said.getConstraint());
            name(text, "type", said.getDataType());
        }
        return text.append(" (SQLSTATE ").append(state).append(')').toString();
    }

    /** The same of an error of which only the code is known. */
    static String describe(String sqlState) {
        return meaning(sqlState) + " (SQLSTATE " + sqlState + ")";
    }

    private static String meaning(String state) {
        return MEANINGS.getOrDefault(
                state, MEANINGS_OF_CLASSES.getOrDefault(state.substring(0, 2), "the database refused it"));
    }

    /** Thrown by a line of ours, with a message of ours; others put the values that they choke on into theirs. */
    private static boolean isOurs(Throwable error) {
        StackTraceElement[] trace = error.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().startsWith(Problems.class.getPackageName() + '.');
    }

    private static void name(StringBuilder text, String what, @Nullable String name) {
        if (name != null && !name.isEmpty()) {
            text.append(", ").append(what).append(' ').append(name);
        }
    }
}
