package io.crossfade.frontdoor.rest;

import io.crossfade.call.CallFailure;
import io.crossfade.call.Failure;
import java.util.Set;

/** The HTTP status of every failure (PostgREST reference, "Errors"). */
final class Statuses {
    private static final Set<String> SERVER_FAULT_CLASSES =
            Set.of("09", "25", "2D", "38", "39", "3B", "40", "54", "55", "57", "58", "F0", "HV", "P0", "XX");

    private Statuses() {}

    static int of(Failure failure) {
        return failure instanceof CallFailure call ? of(call.kind()) : ofSqlState(failure.code(), failure.message());
    }

    private static int of(CallFailure.Code code) {
        return switch (code) {
            case PGRST100, PGRST102, PGRST108, PGRST122, PGRST123, PGRST124, PGRST200, PGRST204 -> 400;
            case PGRST203 -> 300;
            case PGRST125, PGRST202, PGRST205 -> 404;
            case PGRST101, PGRST117 -> 405;
            case PGRST106, PGRST107, PGRST116 -> 406;
            case CF413 -> 413;
            case PGRST103 -> 416;
            case CF500 -> 500;
            case CF501 -> 501;
            case CF502 -> 502;
            case PGRST002, CF503, CF429 -> 503;
            case PGRST003, CF504 -> 504;
        };
    }

    private static int ofSqlState(String state, String message) {
        if (state.startsWith("08") || (state.startsWith("53") && !state.equals("53400")) || state.equals("57P01")) {
            return 503;
        }
        return switch (state) {
            case "25006" -> 405;
            case "21000" -> message.endsWith("requires a WHERE clause") ? 400 : 500;
            case "22023" -> message.startsWith("role \"") && message.endsWith("\" does not exist") ? 401 : 400;
            case "23503", "23505" -> 409;
            case "42883" -> message.startsWith("function xmlagg(") ? 406 : 404;
            case "42P01" -> 404;
            case "42P17", "53400" -> 500;
            case "42501" -> 403;
            case "P0001" -> 400;
            default -> ofClass(state);
        };
    }

    private static int ofClass(String state) {
        if (state.startsWith("PT") && state.substring(2).matches("[1-5]\\d\\d")) {
            return Integer.parseInt(state.substring(2));
        }
        String sqlClass = state.substring(0, Math.min(2, state.length()));
        if (Set.of("0L", "0P", "28").contains(sqlClass)) {
            return 403;
        }
        return SERVER_FAULT_CLASSES.contains(sqlClass) ? 500 : 400;
    }
}
