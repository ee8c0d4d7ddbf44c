package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.settings.AdminToken;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;

/** Lets in whoever shows a token, and slows down whoever shows wrong ones. */
final class TokenCheck {
    private final Operators operators;
    private final Attempts attempts;
    private final Runnable onRefusal;

    /** @param onRefusal told, at most once a minute, that an address has shown too many wrong tokens */
    TokenCheck(Operators operators, Attempts attempts, Runnable onRefusal) {
        this.operators = operators;
        this.attempts = attempts;
        this.onRefusal = onRefusal;
    }

    Operator operator(HttpServerRequest request, String token) {
        String address = address(request);
        long seconds = attempts.secondsToWait(address);
        if (seconds > 0) {
            if (attempts.isWorthTelling()) {
                onRefusal.run();
            }
            throw Problem.tooManyAttempts(seconds);
        }
        Optional<Operator> operator = operators.withToken(token);
        if (operator.isEmpty()) {
            attempts.wrong(address, AdminToken.hash(token));
            throw new Problem(Kind.UNAUTHORIZED, "No operator has this token");
        }
        attempts.right(address);
        return operator.get();
    }

    /** Of the connection: a header could say anything. */
    private static String address(HttpServerRequest request) {
        SocketAddress remote = request.remoteAddress();
        return String.valueOf(remote == null ? null : remote.hostAddress());
    }
}
