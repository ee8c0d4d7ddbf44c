package io.crossfade.admin;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** {@code GET /api/openapi.json}: this API, for tools. Kept by hand, and held against the routes by a test. */
final class GetOpenApi implements Handler<RoutingContext> {
    private static final String FILE = "/openapi/admin.json";

    private final Buffer document = read();

    @Override
    public void handle(RoutingContext context) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(document)
                .onFailure(gone -> {});
    }

    private static Buffer read() {
        try (InputStream file = GetOpenApi.class.getResourceAsStream(FILE)) {
            return Buffer.buffer(Objects.requireNonNull(file, FILE).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
