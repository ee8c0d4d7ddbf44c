package io.crossfade.telemetry;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** Takes envelopes on loopback, as Sentry does, and keeps what they hold. */
public final class FakeSentry implements AutoCloseable {
    private final List<String> envelopes = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile boolean silent;

    public FakeSentry(Vertx vertx) {
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    envelopes.add(text(body, "gzip".equals(request.getHeader("Content-Encoding"))));
                    if (!silent) {
                        var unused = request.response().end("{}");
                    }
                }))
                .listen(0, "127.0.0.1")
                .await();
    }

    public String dsn() {
        return "http://public-key-of-the-tests@127.0.0.1:" + server.actualPort() + "/42";
    }

    /** From now on it takes envelopes and never answers. */
    public void fallSilent() {
        silent = true;
    }

    /** All that was received, to look for what must not be in it. */
    public String everything() {
        return String.join("\n", envelopes);
    }

    /** The events of all envelopes. */
    public List<JsonObject> events() {
        List<JsonObject> events = new ArrayList<>();
        for (String envelope : envelopes) {
            String[] lines = envelope.split("\n", -1);
            for (int line = 1; line + 1 < lines.length; line++) {
                if (lines[line].contains("\"type\":\"event\"")) {
                    events.add(new JsonObject(lines[line + 1]));
                }
            }
        }
        return events;
    }

    @Override
    public void close() {
        server.close().await();
    }

    private static String text(Buffer body, boolean zipped) {
        if (!zipped) {
            return body.toString();
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body.getBytes()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
