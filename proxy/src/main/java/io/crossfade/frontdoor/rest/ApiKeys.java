package io.crossfade.frontdoor.rest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gateway in front of Supabase's PostgREST, as far as callers see it: who has no valid key is turned away. */
final class ApiKeys {
    static final String PARAMETER = "apikey";

    private final List<byte[]> accepted;

    /** @param keys the accepted keys; none accepts everyone */
    ApiKeys(List<String> keys) {
        this.accepted =
                keys.stream().map(key -> key.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /** Whether no key is asked for at all. */
    boolean acceptEveryone() {
        return accepted.isEmpty();
    }

    /** What to answer to a caller with this key, or null where the key is good. Takes as long for a near miss as for none. */
    @Nullable
    Map<String, String> refusal(@Nullable String key) {
        if (accepted.isEmpty()) {
            return null;
        }
        if (key == null || key.isEmpty()) {
            return Map.of(
                    "message", "No API key found in request",
                    "hint", "No `apikey` request header or url param was found.");
        }
        byte[] given = key.getBytes(StandardCharsets.UTF_8);
        boolean good = false;
        for (byte[] candidate : accepted) {
            good |= MessageDigest.isEqual(candidate, given);
        }
        return good ? null : Map.of("message", "Invalid API key", "hint", "Double check your API key.");
    }
}
