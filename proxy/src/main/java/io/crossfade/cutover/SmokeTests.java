package io.crossfade.cutover;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks this proxy's own front door what the application asks, so that everything on the way is tried, and wants a row.
 *
 * <p>Threads: any.
 */
public final class SmokeTests implements Function<String, Future<Void>> {
    private static final long SECONDS = 5;

    private final HttpClient client;
    private final String host;
    private final IntSupplier port;
    private final @Nullable String serviceKey;

    /**
     * @param host where the front door listens
     * @param port once it does
     * @param serviceKey what it asks for, or null
     */
    public SmokeTests(Vertx vertx, String host, IntSupplier port, @Nullable String serviceKey) {
        this.client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(1_000));
        this.host = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
        this.port = port;
        this.serviceKey = serviceKey;
    }

    @Override
    public Future<Void> apply(String path) {
        return client.request(HttpMethod.GET, port.getAsInt(), host, "/rest/v1" + path)
                .compose(request -> {
                    if (serviceKey != null) {
                        request.putHeader("apikey", serviceKey);
                    }
                    return request.send();
                })
                .compose(SmokeTests::requireRow)
                .timeout(SECONDS, TimeUnit.SECONDS);
    }

    /** Gives its connections back. */
    public Future<Void> close() {
        return client.close();
    }

    private static Future<Void> requireRow(HttpClientResponse response) {
        return response.body().compose(body -> {
            if (response.statusCode() >= 300) {
                return Future.failedFuture("it was answered with status " + response.statusCode());
            }
            // No row is no proof: it is what a table that was never filled answers, too.
            return body.length() == 0 || body.toString().equals("[]")
                    ? Future.failedFuture("it found no row")
                    : Future.succeededFuture();
        });
    }
}
