package io.crossfade.call;

/**
 * One data operation of the application. Immutable; the subtypes make the wrong thing unsayable: only a {@link Read} can
 * run on either side, only a {@link Write} changes rows, an {@link Invocation} is either, as its function says.
 */
public sealed interface Call permits Read, Write, Invocation {
    /** What the call is about: a relation, or the function it calls, by the name that the application uses. */
    Repository repository();

    /** Who asked, as far as routing cares. */
    Caller caller();

    /** What the call does, as metrics and rollouts per operation name it. */
    Operation operation();

    /** How the answer is to be shaped. */
    Answer answer();
}
