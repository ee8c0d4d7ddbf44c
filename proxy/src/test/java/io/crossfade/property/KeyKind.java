package io.crossfade.property;

import java.util.List;

/** What a made-up table has for a key; every key stands for a small number. */
enum KeyKind {
    INTEGER(List.of("integer"), "%d"),
    TEXT(List.of("text"), "'k%d'"),
    UUID(List.of("uuid"), "'00000000-0000-0000-0000-00000000000%d'"),
    COMPOSITE(List.of("integer", "text"), "%d", "'p%d'");

    @SuppressWarnings("ImmutableEnumChecker") // lists that cannot change
    private final List<String> types;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> values;

    KeyKind(List<String> types, String... values) {
        this.types = List.copyOf(types);
        this.values = List.of(values);
    }

    /** The types of its columns. */
    List<String> types() {
        return types;
    }

    /** The values of its columns for this number, one to nine. */
    List<String> values(int number) {
        return values.stream().map(value -> value.formatted(number)).toList();
    }
}
