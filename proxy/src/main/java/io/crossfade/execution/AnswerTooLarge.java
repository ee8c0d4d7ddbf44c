package io.crossfade.execution;

/** An answer had more bytes than whoever asked would take. It never left the database. */
public final class AnswerTooLarge extends RuntimeException {
    AnswerTooLarge() {
        super("the answer has more bytes than are taken", null, false, false);
    }
}
