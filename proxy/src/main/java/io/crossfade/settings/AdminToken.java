package io.crossfade.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** What an operator shows, and the hash by which it is known again without being kept. */
public final class AdminToken {
    private static final int BYTES = 24;

    private AdminToken() {}

    /** A new one that nobody can guess, in characters that a header can carry. */
    public static String fresh() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /**
     * SHA-256 in hexadecimal digits. A token is long and random, so a slow hash, as for passwords, would protect nothing
     * more and cost every call.
     */
    public static String hash(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
