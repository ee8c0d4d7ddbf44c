package io.crossfade.settings;

/**
 * One thing that is wrong with the configuration. Never holds a password, a token or a key.
 *
 * @param where the file and line, or the environment variable
 * @param key the key, such as {@code rest.port}; empty where a whole file is wrong
 * @param message what is wrong and how to mend it
 */
public record Problem(String where, String key, String message) {
    /** One line for the terminal: where, key, message. */
    @Override
    public String toString() {
        return where + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
