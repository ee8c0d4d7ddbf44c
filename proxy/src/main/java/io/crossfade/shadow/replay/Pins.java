package io.crossfade.shadow.replay;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings of every session of the replay: those that decide how a value is printed, and those that bound a wait. */
final class Pins {
    private Pins() {}

    /** Names and values, none of which needs quoting. */
    static Map<String, String> of(Duration patience) {
        Map<String, String> pinned = new LinkedHashMap<>();
        pinned.put("application_name", "crossfade");
        pinned.put("client_encoding", "UTF8");
        pinned.put("TimeZone", "UTC");
        pinned.put("DateStyle", "ISO");
        pinned.put("IntervalStyle", "iso_8601");
        pinned.put("extra_float_digits", "1");
        pinned.put("bytea_output", "hex");
        pinned.put("lc_monetary", "C");
        pinned.put("search_path", "");
        // An error instead of rows that silently seem absent.
        pinned.put("row_security", "off");
        // A server may be set to confirm commits that a crash takes back; what replay commits must stay.
        pinned.put("synchronous_commit", "on");
        // The driver writes notices to the log, and a function may put the values of a row into one.
        pinned.put("client_min_messages", "error");
        pinned.put("jit", "off");
        pinned.put("statement_timeout", patience.toMillis() + "");
        pinned.put("lock_timeout", Math.max(1, patience.toMillis() / 2) + "");
        // Ends the transaction of a leader that sleeps, so that its successor can raise the token.
        pinned.put("idle_in_transaction_session_timeout", patience.toMillis() + "");
        return pinned;
    }
}
