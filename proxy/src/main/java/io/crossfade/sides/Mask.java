package io.crossfade.sides;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Stands for values that may be personal data wherever people see them: equal values have equal hashes, and nobody without a
 * look into the database can find out a value by trying. The same as what the database makes of the keys of dead letters.
 *
 * @param secret what the database keeps for it
 */
public record Mask(String secret) {
    private static final int BYTES = 4;

    /** The mask of this side; fails where nothing is installed there. */
    public static Future<Mask> of(Database side) {
        return side.run("SELECT secret::text FROM crossfade.mask", Tuple.tuple(), true)
                .map(rows -> new Mask(rows.iterator().next().getString(0)));
    }

    /** Eight hexadecimal digits. */
    public String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest((secret + text).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In characters. */
    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    @Override
    public String toString() {
        return "Mask";
    }
}
