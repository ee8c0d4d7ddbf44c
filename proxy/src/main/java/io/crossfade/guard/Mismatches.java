package io.crossfade.guard;

import java.util.Optional;

/** Where it is known how many of a group's compared reads are confirmed to differ. Threads: any. */
@FunctionalInterface
public interface Mismatches {
    /** Nothing is compared. */
    Mismatches NONE = (group, sinceNanos) -> Optional.empty();

    /**
     * What was compared since a {@link System#nanoTime}; empty where nothing compares.
     */
    Optional<Compared> since(String group, long sinceNanos);

    /** How many reads were compared, and how many of them are confirmed to differ. */
    record Compared(long reads, long confirmed) {}
}
