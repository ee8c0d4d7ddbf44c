package io.crossfade.frontdoor.rest;

import io.crossfade.settings.AdminToken;
import io.crossfade.settings.OperatorSettings;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * {@code X-Crossfade-Compare: always} has one call compared, whatever the sample, where {@code X-Crossfade-Token} is the token of
 * somebody who may change things. Otherwise it is ignored without a word: an application that sends it by accident is served all
 * the same, and nobody learns by it whether a token is right.
 */
final class CompareHeader {
    private static final String HEADER = "X-Crossfade-Compare";
    private static final String TOKEN = "X-Crossfade-Token";

    private final List<byte[]> hashes;

    CompareHeader(List<OperatorSettings> operators) {
        this.hashes = operators.stream()
                .filter(operator -> operator.role() == OperatorSettings.Role.OPERATOR)
                .map(operator -> operator.tokenHash().getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    boolean insists(MultiMap headers) {
        String wish = headers.get(HEADER);
        if (wish == null || !wish.strip().equalsIgnoreCase("always")) {
            return false;
        }
        String token = headers.get(TOKEN);
        if (token == null) {
            return false;
        }
        byte[] shown = AdminToken.hash(token).getBytes(StandardCharsets.US_ASCII);
        boolean known = false;
        // All of them: the time it takes says nothing about any.
        for (byte[] hash : hashes) {
            known |= MessageDigest.isEqual(hash, shown);
        }
        return known;
    }
}
