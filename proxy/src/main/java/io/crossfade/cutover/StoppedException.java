package io.crossfade.cutover;

/** Somebody else has ended the move. */
final class StoppedException extends RuntimeException {
    StoppedException() {
        super("somebody else has ended the move", null, false, false);
    }
}
