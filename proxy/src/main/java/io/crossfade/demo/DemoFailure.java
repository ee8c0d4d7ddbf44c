package io.crossfade.demo;

/** Why the demo cannot start or go on, in one line that a user can act on. */
public final class DemoFailure extends RuntimeException {
    public DemoFailure(String message) {
        super(message);
    }

    public DemoFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
