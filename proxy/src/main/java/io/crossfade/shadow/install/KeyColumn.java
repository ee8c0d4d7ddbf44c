package io.crossfade.shadow.install;

/**
 * A column of the key that the journal keeps.
 *
 * @param type the name of the built-in type that it is made of, {@code enum}, or {@code other}
 */
record KeyColumn(String name, String type) {}
