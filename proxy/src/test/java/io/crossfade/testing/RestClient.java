package io.crossfade.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Calls a REST front door over HTTP/1.1. Paths are written readably: whatever may not stand in a URL is percent-encoded,
 * {@code %}, {@code +} and {@code &} are sent as they are.
 */
public final class RestClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private static final String ALLOWED = "-._~:/?#[]@!$&'()*+,;=%";

    private final String base;

    /** A client for everything below this URL, such as {@code http://127.0.0.1:8080/rest/v1}. */
    public RestClient(String base) {
        this.base = base;
    }

    public String base() {
        return base;
    }

    @CanIgnoreReturnValue
    public RestResponse get(String path) {
        return request("GET", path).send();
    }

    @CanIgnoreReturnValue
    public RestResponse head(String path) {
        return request("HEAD", path).send();
    }

    @CanIgnoreReturnValue
    public RestResponse post(String path, String json) {
        return request("POST", path).json(json).send();
    }

    @CanIgnoreReturnValue
    public RestResponse patch(String path, String json) {
        return request("PATCH", path).json(json).send();
    }

    @CanIgnoreReturnValue
    public RestResponse delete(String path) {
        return request("DELETE", path).send();
    }

    public Request request(String method, String path) {
        return new Request(method, path);
    }

    /** Percent-encodes what may not stand in a URL. */
    static String encode(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if ((plain || ALLOWED.indexOf(c) >= 0) && c != '[' && c != ']' && c != '#') {
                encoded.append(c);
            } else {
                encoded.append(String.format("%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }

    /** One call before it is sent. */
    public final class Request {
        private final String method;
        private final String path;
        private final List<String> headers = new ArrayList<>();
        private String body;

        private Request(String method, String path) {
            this.method = method;
            this.path = path;
        }

        @CanIgnoreReturnValue
        public Request header(String name, String value) {
            headers.add(name);
            headers.add(value);
            return this;
        }

        @CanIgnoreReturnValue
        public Request body(String text) {
            body = text;
            return this;
        }

        @CanIgnoreReturnValue
        public Request json(String json) {
            return header("Content-Type", "application/json").body(json);
        }

        @CanIgnoreReturnValue
        public Request prefer(String preference) {
            return header("Prefer", preference);
        }

        /** Asks for exactly one row, as {@code single()} of the client library does. */
        @CanIgnoreReturnValue
        public Request single() {
            return header("Accept", "application/vnd.pgrst.object+json");
        }

        @CanIgnoreReturnValue
        public RestResponse send() {
            try {
                return answer(HTTP.send(build(), BodyHandlers.ofByteArray()));
            } catch (IOException e) {
                throw new UncheckedIOException(this + ": " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        public CompletableFuture<RestResponse> sendAsync() {
            return HTTP.sendAsync(build(), BodyHandlers.ofByteArray()).thenApply(this::answer);
        }

        private RestResponse answer(HttpResponse<byte[]> response) {
            return new RestResponse(toString(), response.statusCode(), response.headers(), response.body());
        }

        private HttpRequest build() {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + encode(path)))
                    .timeout(TIMEOUT)
                    .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            if (!headers.isEmpty()) {
                request.headers(headers.toArray(String[]::new));
            }
            return request.build();
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }
}
