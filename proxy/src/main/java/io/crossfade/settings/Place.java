package io.crossfade.settings;

/**
 * Where a value of the configuration comes from, so that a problem can name it.
 *
 * @param where the file and line, or the environment variable
 * @param key the full key, such as {@code legacy.url}
 */
record Place(String where, String key) {
    Problem problem(String message) {
        return new Problem(where, key, message);
    }
}
