package io.crossfade.shadow.install;

/**
 * A column of the key that the journal keeps.
 *
 * @param type the name of the built-in type that it is made of, {@code enum}, {@code other}, or why it cannot be a key:
 *     {@code extension}, {@code nondeterministic}
 */
record KeyColumn(String name, String type) {}
