package io.crossfade.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Speaks to the admin API of a running proxy, on behalf of a person at a terminal: every failure becomes a sentence that says
 * what to do.
 *
 * <p>Threads: any; every call blocks until the proxy has answered, for thirty seconds at most.
 */
final class AdminApi {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final String url;
    private final String token;

    /** An API at this address, without a slash at its end. */
    AdminApi(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** A part of a path, whatever it holds. */
    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) throws CommandFailedException {
        return send(request(path).GET());
    }

    JsonNode post(String path) throws CommandFailedException {
        return send(request(path).POST(BodyPublishers.noBody()));
    }

    /** Has something begun, if nothing was changed since that epoch. */
    JsonNode post(String path, JsonNode body, OptionalLong epoch) throws CommandFailedException {
        HttpRequest.Builder request =
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body.toString()));
        if (epoch.isPresent()) {
            request.header("If-Match", "\"" + epoch.getAsLong() + "\"");
        }
        return send(request);
    }

    JsonNode put(String path, JsonNode body) throws CommandFailedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body.toString())));
    }

    JsonNode delete(String path) throws CommandFailedException {
        return send(request(path).DELETE());
    }

    /** Changes what is at the path, if nothing was changed since that epoch. */
    JsonNode patch(String path, JsonNode change, OptionalLong epoch) throws CommandFailedException {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(change.toString()));
        if (epoch.isPresent()) {
            request.header("If-Match", "\"" + epoch.getAsLong() + "\"");
        }
        return send(request);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(PATIENCE)
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + token);
    }

    private JsonNode send(HttpRequest.Builder request) throws CommandFailedException {
        HttpResponse<String> response = exchange(request.build());
        Optional<JsonNode> body = parse(response.body());
        if ((response.statusCode() == 200 || response.statusCode() == 202) && body.isPresent()) {
            return body.get();
        }
        String type = body.map(problem -> problem.path("type").asText()).orElse("");
        if (!type.startsWith("urn:crossfade:problem:") || type.endsWith(":not-found")) {
            throw new CommandFailedException(otherVersion(response.statusCode()));
        }
        String detail = body.map(problem -> problem.path("detail").asText()).orElse("");
        throw new CommandFailedException(
                switch (response.statusCode()) {
                    case 401 ->
                        "The proxy at " + url
                                + " does not accept this admin token. Set CROSSFADE_ADMIN_TOKEN to its own:"
                                + " it is in its configuration, or it was printed when the proxy started.";
                    case 429 -> detail + ". Wait a moment, then show the right one.";
                    case 412 -> "Somebody else was faster, and nothing was changed. " + detail + ".";
                    default -> detail + (detail.endsWith(".") ? "" : ".");
                });
    }

    private HttpResponse<String> exchange(HttpRequest request) throws CommandFailedException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (HttpTimeoutException e) {
            throw new CommandFailedException("The proxy at " + url + " did not answer in time."
                    + (request.method().equals("GET")
                            ? ""
                            : " It is not known whether anything was changed: look again."));
        } catch (ConnectException e) {
            throw new CommandFailedException("No proxy answers at " + url
                    + ". Start one with './crossfade run', or say with --url where it is.");
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The proxy at " + url + " cannot be talked to: " + StartFailure.reason(e) + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted before the proxy had answered.");
        }
    }

    /** What answers here is no proxy, or one that does not know what it was asked. */
    private String otherVersion(int status) {
        try {
            HttpResponse<String> response =
                    exchange(request("/api/status").GET().build());
            Optional<JsonNode> body = parse(response.body());
            if (response.statusCode() == 200 && body.isPresent() && body.get().has("epoch")) {
                return "The proxy at " + url + " does not know this command. It is Crossfade "
                        + body.get().path("version").asText() + ", and this is " + Version.number()
                        + ": use the same version.";
            }
        } catch (CommandFailedException silent) {
            // Then it is no proxy that we know.
        }
        return "What answers at " + url + " is not the admin front door of a proxy (HTTP " + status
                + "). Its port is 8081 unless told otherwise; --url says where it is.";
    }

    private static Optional<JsonNode> parse(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node != null && node.isObject() ? Optional.of(node) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
