package io.crossfade.settings;

/** Turns the text of a value into what it means. */
@FunctionalInterface
interface Parser<T> {
    /**
     * The meaning of {@code text}.
     *
     * @throws IllegalArgumentException continuing the sentence "this value …"; must not repeat the value, which may hold
     *     a password
     */
    T parse(String text);
}
