package io.crossfade.comparison.answers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A JSON value as the bytes of an answer, neither copied nor understood. */
record Raw(byte[] bytes, int from, int to) {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    boolean isNull() {
        return Arrays.equals(bytes, from, to, NULL, 0, NULL.length);
    }

    boolean isString() {
        return to > from && bytes[from] == '"';
    }

    String text() {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Raw raw && Arrays.equals(bytes, from, to, raw.bytes, raw.from, raw.to);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return "Raw[" + (to - from) + " bytes]";
    }
}
