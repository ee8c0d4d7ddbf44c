package io.crossfade.shadow.install;

/** A database did not let something be installed or removed; the message is for the person who asked for it. */
public final class InstallFailure extends RuntimeException {
    InstallFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
