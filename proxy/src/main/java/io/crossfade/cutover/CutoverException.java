package io.crossfade.cutover;

/** A move that did not happen. Its message is a sentence for the operator, free of values. */
public final class CutoverException extends RuntimeException {
    CutoverException(String sentence) {
        super(sentence, null, false, false);
    }
}
