package io.crossfade.demo;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

/**
 * Sends requests the way supabase-js 2.57 does: the same headers, kept-alive connections, no retries.
 *
 * <p>Only to this machine, and over at most so many connections as it was given.
 */
public final class SupabaseClient {
    /** What the proxy adds to PostgREST's headers. */
    private static final String SIDE = "X-Crossfade-Side";

    private static final long TIMEOUT_MILLIS = 15_000;

    private final HttpClient http;
    private final int port;
    private final String key;

    public SupabaseClient(Vertx vertx, int port, String key, int connections) {
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setDecompressionSupported(true),
                new PoolOptions().setHttp1MaxSize(connections));
        this.port = port;
        this.key = key;
    }

    /** Fails only where no answer came; a refusal is a reply. */
    public Future<BotReply> send(BotRequest request) {
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/rest/v1/" + request.path())
                .setTimeout(TIMEOUT_MILLIS);
        return http.request(options)
                .compose(prepared -> sendOn(prepared, request))
                .compose(response -> response.body()
                        .map(body -> new BotReply(response.statusCode(), response.getHeader(SIDE), body)));
    }

    private Future<HttpClientResponse> sendOn(HttpClientRequest prepared, BotRequest request) {
        MultiMap headers = prepared.headers();
        headers.set("apikey", key);
        headers.set("Authorization", "Bearer " + key);
        headers.set("X-Client-Info", "supabase-js-node/2.57.0");
        headers.set("Accept", request.single() ? "application/vnd.pgrst.object+json" : "*/*");
        headers.set("Accept-Encoding", "gzip, deflate");
        if (request.changesNothing()) {
            headers.set("Accept-Profile", "public");
        } else {
            headers.set("Content-Profile", "public");
            headers.set("Content-Type", "application/json");
        }
        if (request.prefer() != null) {
            headers.set("Prefer", request.prefer());
        }
        return request.body() == null ? prepared.send() : prepared.send(Buffer.buffer(request.body()));
    }

    public Future<Void> close() {
        return http.close();
    }
}
