package io.crossfade.cli;

/** A command could not do its work, for a reason that one sentence explains to the person who typed it. */
final class CommandFailedException extends Exception {
    CommandFailedException(String message) {
        super(message);
    }
}
