package io.crossfade.mismatch;

import io.crossfade.comparison.MismatchKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What mismatches have in common that are shown as one.
 *
 * @param columns those that differ, sorted; empty where the whole row or answer does
 */
record GroupKey(String repository, MismatchKind kind, List<String> columns) {
    private static final int BYTES = 8;

    GroupKey {
        columns = List.copyOf(columns);
    }

    /** The same in every proxy and on both sides. */
    String id() {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            add(hash, repository);
            add(hash, kind.label());
            columns.forEach(column -> add(hash, column));
            return HexFormat.of().formatHex(hash.digest(), 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(MessageDigest hash, String part) {
        hash.update(part.getBytes(StandardCharsets.UTF_8));
        hash.update((byte) 0);
    }
}
