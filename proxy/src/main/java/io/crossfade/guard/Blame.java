package io.crossfade.guard;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose fault a failed call was: the side's, or the caller's. */
final class Blame {
    /** Who cannot be reached, does not answer in time or has no connection left, and our own faults while we asked it. */
    private static final Set<String> OURS = Set.of("CF500", "CF503", "CF504", "CF429", "PGRST002", "PGRST003");

    /**
     * Connections, resources, operators, systems, what a server has not got, and what it has not got the way the other side
     * has: a missing right, table, column or function is the usual fault of a database that was only just set up. A caller
     * can cause some of these, too, but does so on both sides alike, and legacy's share is taken off.
     */
    private static final Set<String> CLASSES =
            Set.of("08", "0A", "25", "3F", "42", "53", "54", "55", "57", "58", "F0", "HV", "XX");

    private Blame() {}

    /** Whether a side is to blame for how a call ended: not for constraints, wrong values and errors that a function raises. */
    static boolean isOnSide(@Nullable String code) {
        if (code == null) {
            return false;
        }
        return OURS.contains(code)
                // Relations, functions and columns that the side's catalogue does not know.
                || code.startsWith("PGRST2")
                || (code.length() == 5 && !code.startsWith("CF") && CLASSES.contains(code.substring(0, 2)));
    }
}
