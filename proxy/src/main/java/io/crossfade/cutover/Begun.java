package io.crossfade.cutover;

import io.crossfade.work.Work;

/** What came of asking for a move. Whatever it is not {@link Started}, nothing was begun. */
public sealed interface Begun {
    /** It is under way; {@code work} says how far. */
    record Started(Work work) implements Begun {}

    /** Another operator was faster. */
    record Stale(long expectedEpoch, long currentEpoch) implements Begun {}

    /** No database and no configuration names this repository. */
    record UnknownRepository(String repository) implements Begun {}

    /** It is not possible, or not yet; the reason is for the operator. */
    record Refused(String reason) implements Begun {}
}
