package io.crossfade.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** An answer of a REST front door. */
public final class RestResponse {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String request;
    private final int status;
    private final HttpHeaders headers;
    private final byte[] bytes;

    RestResponse(String request, int status, HttpHeaders headers, byte[] bytes) {
        this.request = request;
        this.status = status;
        this.headers = headers;
        this.bytes = bytes;
    }

    public int status() {
        return status;
    }

    public HttpHeaders headers() {
        return headers;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public String body() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The body as JSON; fails if it is none. */
    public JsonNode json() {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(request + " did not answer JSON: " + body(), e);
        }
    }

    /** The header's value, or {@code -} where it is absent. */
    public String header(String name) {
        return headers.firstValue(name).orElse("-");
    }

    /** The {@code code} of an error, or {@code -}. */
    public String code() {
        return json().path("code").asText("-");
    }

    @CanIgnoreReturnValue
    public RestResponse expectStatus(int expected) {
        assertThat(status).as("%s answered %s", request, body()).isEqualTo(expected);
        return this;
    }

    @CanIgnoreReturnValue
    public RestResponse expectBody(String expected) {
        assertThat(body()).as(request).isEqualTo(expected);
        return this;
    }

    /** Expects an error of this status and code. */
    @CanIgnoreReturnValue
    public RestResponse expectError(int expectedStatus, String expectedCode) {
        expectStatus(expectedStatus);
        assertThat(code()).as("%s answered %s", request, body()).isEqualTo(expectedCode);
        return this;
    }
}
