package io.crossfade.shadow;

/** A group cannot be shadowed; the message tells the operator why and what to do. */
public final class ShadowingException extends RuntimeException {
    ShadowingException(String message) {
        super(message, null, false, false);
    }
}
