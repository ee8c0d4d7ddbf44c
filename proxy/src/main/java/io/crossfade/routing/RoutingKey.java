package io.crossfade.routing;

import io.crossfade.call.Read;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What makes a rollout sticky: a value of the call that stays the same for one person, hashed to one of 10,000 buckets.
 * Never anything random, or a client would see the new side first and the old one next. Raising a rollout only ever adds
 * keys.
 */
final class RoutingKey {
    private static final int BUCKETS = 10_000;

    private RoutingKey() {}

    /**
     * The first of: the value of a sticky column in an equality filter, the caller's explicit key, all equality filter
     * values together, the caller's identity.
     */
    static String of(Read read, RepositoryRollout rollout) {
        List<Equality> equalities = Equality.required(read.query().filters());
        for (String column : rollout.stickyBy()) {
            String value = valueOf(column, equalities);
            if (value != null) {
                return value;
            }
        }
        if (read.caller().key() != null) {
            return read.caller().key();
        }
        if (!equalities.isEmpty()) {
            return equalities.stream()
                    .map(equality -> equality.column() + '=' + equality.value())
                    .sorted()
                    .collect(Collectors.joining("&"));
        }
        return read.caller().identity();
    }

    /** 0 to 9999; the same for the same group and key in every process and every version. */
    static int bucket(String group, String key) {
        MessageDigest digest = sha256();
        digest.update(group.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(key.getBytes(StandardCharsets.UTF_8));
        long hash = ByteBuffer.wrap(digest.digest()).getLong();
        return (int) Long.remainderUnsigned(hash, BUCKETS);
    }

    private static @Nullable String valueOf(String column, List<Equality> equalities) {
        for (Equality equality : equalities) {
            if (equality.column().equals(column)) {
                return equality.value();
            }
        }
        return null;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
