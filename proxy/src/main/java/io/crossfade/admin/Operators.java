package io.crossfade.admin;

import io.crossfade.settings.AdminToken;
import io.crossfade.settings.OperatorSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * Who may use the admin front door, by the hashes of their tokens. A token is held against all of them, in constant time:
 * neither its length nor its beginning nor whose it is can be found by measuring.
 */
final class Operators {
    private final List<OperatorSettings> known;

    Operators(List<OperatorSettings> known) {
        if (known.isEmpty()) {
            throw new IllegalArgumentException("somebody must be able to use the admin front door");
        }
        this.known = List.copyOf(known);
    }

    Optional<Operator> withToken(String token) {
        byte[] shown = bytes(AdminToken.hash(token));
        Optional<Operator> found = Optional.empty();
        for (OperatorSettings operator : known) {
            if (MessageDigest.isEqual(bytes(operator.tokenHash()), shown)) {
                found = Optional.of(new Operator(operator.name(), operator.role()));
            }
        }
        return found;
    }

    private static byte[] bytes(String hash) {
        return hash.getBytes(StandardCharsets.US_ASCII);
    }
}
