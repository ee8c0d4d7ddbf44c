package io.crossfade.admin;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Lets through whoever shows the admin token. What is compared are hashes, in constant time: neither the length nor the
 * beginning of the token can be found by measuring.
 */
final class BearerToken implements Handler<RoutingContext> {
    private static final String SCHEME = "Bearer ";

    private final byte[] expected;

    BearerToken(String token) {
        if (token.isBlank()) {
            throw new IllegalArgumentException("the admin token must not be empty");
        }
        this.expected = hash(token);
    }

    @Override
    public void handle(RoutingContext context) {
        if (!matches(context.request().getHeader(HttpHeaders.AUTHORIZATION))) {
            throw new Problem(Problem.Kind.UNAUTHORIZED, "Send the admin token as 'Authorization: Bearer <token>'");
        }
        context.next();
    }

    private boolean matches(@Nullable String header) {
        return header != null
                && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        expected, hash(header.substring(SCHEME.length()).strip()));
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
