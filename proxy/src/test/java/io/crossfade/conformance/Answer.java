package io.crossfade.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crossfade.testing.RestResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a caller can tell answers apart by: status, the headers that clients read, and every byte of the body. */
record Answer(int status, Map<String, String> headers, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> HEADERS = List.of(
            "Content-Range",
            "Content-Type",
            "Content-Location",
            "Content-Profile",
            "Preference-Applied",
            "Location",
            "Allow",
            "WWW-Authenticate");

    static Answer of(RestResponse response) {
        Map<String, String> headers = new TreeMap<>();
        for (String name : HEADERS) {
            response.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
        }
        return new Answer(response.status(), headers, response.body());
    }

    static Answer error(int status, String body) {
        return new Answer(status, Map.of("Content-Type", "application/json; charset=utf-8"), body);
    }

    Answer withStatus(int other) {
        return new Answer(other, headers, body);
    }

    Answer withBody(String other) {
        return new Answer(status, headers, other);
    }

    Answer withHeader(String name, String value) {
        Map<String, String> changed = new TreeMap<>(headers);
        changed.put(name, value);
        return new Answer(status, changed, body);
    }

    Answer withoutHeader(String name) {
        Map<String, String> changed = new TreeMap<>(headers);
        changed.remove(name);
        return new Answer(status, changed, body);
    }

    String header(String name) {
        return headers.getOrDefault(name, "-");
    }

    /** The value of a key of an error, or the empty text. */
    String error(String key) {
        if (status < 300 || !body.startsWith("{")) {
            return "";
        }
        try {
            JsonNode value = JSON.readTree(body).path(key);
            return value.isTextual() ? value.asText() : "";
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    /** One line each for status and headers, then the body, so that two answers can be compared as texts. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("HTTP ").append(status).append('\n');
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.append('\n').append(body).toString();
    }
}
