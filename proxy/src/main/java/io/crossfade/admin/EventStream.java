package io.crossfade.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.function.BooleanSupplier;

/** One listener of server-sent events. */
final class EventStream {
    /** What may wait for a slow reader: a few seconds of status. */
    private static final int MOST_BYTES = 256 * 1024;

    private final HttpServerResponse response;
    private final BooleanSupplier allowed;

    /** @param allowed whether the listener may still listen */
    EventStream(HttpServerResponse response, BooleanSupplier allowed) {
        this.response = response;
        this.allowed = allowed;
    }

    void begin() {
        response.setChunked(true)
                .setWriteQueueMaxSize(MOST_BYTES)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                // Compression would hold events back, and so would a proxy that buffers.
                .putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY)
                .putHeader("X-Accel-Buffering", "no");
        write("retry: 2000\n\n");
    }

    /** Tells an event; false where the listener was let go instead. */
    boolean send(String event, JsonObject data) {
        if (response.closed() || response.ended()) {
            return false;
        }
        if (response.writeQueueFull()) {
            var unused = response.reset();
            return false;
        }
        write("event: " + event + "\ndata: " + data.encode() + "\n\n");
        return true;
    }

    /** Keeps proxies in between from taking the connection for dead. */
    void beat() {
        write(": beat\n\n");
    }

    /** Whether the listener may stay; one who may not is let go. */
    boolean isWelcome() {
        if (allowed.getAsBoolean()) {
            return true;
        }
        end();
        return false;
    }

    void end() {
        response.end().onFailure(gone -> {});
    }

    private void write(String text) {
        response.write(text).onFailure(gone -> {});
    }
}
