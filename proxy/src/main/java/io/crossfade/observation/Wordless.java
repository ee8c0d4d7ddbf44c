package io.crossfade.observation;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An exception as the log may hold it: classes and stack traces, and no messages. A database puts the values of a row into
 * its messages, a parser the text that it could not read.
 */
final class Wordless extends Throwable {
    private static final long serialVersionUID = 1;

    private Wordless(Throwable error, @Nullable Wordless cause) {
        super(error.getClass().getName(), cause, false, true);
        setStackTrace(error.getStackTrace());
    }

    static Wordless of(Throwable error) {
        return of(error, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static Wordless of(Throwable error, Set<Throwable> seen) {
        Throwable cause = error.getCause();
        boolean more = cause != null && seen.add(cause);
        return new Wordless(error, cause == null || !more ? null : of(cause, seen));
    }
}
