package io.crossfade.admin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.crossfade.admin.Problem.Kind;
import io.crossfade.rollout.By;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object in the body of a request. Strict: a key that is unknown or given twice is refused, because whoever
 * misspells {@code rollout} must not be told that all went well.
 */
final class JsonBody {
    /** The largest body, in bytes. */
    static final int MOST_BYTES = 64 * 1024;

    private static final int LONGEST_REASON = 1_000;
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader()
            .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private final JsonNode body;

    private JsonBody(JsonNode body) {
        this.body = body;
    }

    /** Reads the body before anything else looks at it; to be mounted first. */
    static Handler<RoutingContext> reader() {
        return BodyHandler.create(false).setBodyLimit(MOST_BYTES);
    }

    /**
     * The body of this request.
     *
     * @param example what it could look like
     * @param keys those that it may have
     */
    static JsonBody of(RoutingContext context, String example, Set<String> keys) {
        requireJson(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
        @Nullable String text = context.body().asString();
        return read(text == null ? "" : text, example, keys);
    }

    /** The same where nothing has to be said: then there may be no body. */
    static JsonBody ofOptional(RoutingContext context, String example, Set<String> keys) {
        @Nullable String text = context.body().asString();
        return text == null || text.isBlank() ? read("{}", example, keys) : of(context, example, keys);
    }

    static JsonBody read(String text, String example, Set<String> keys) {
        JsonNode body = parse(text);
        if (!body.isObject()) {
            throw malformed("The body must be an object such as " + example);
        }
        Set<String> unknown = new TreeSet<>();
        body.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(keys);
        if (!unknown.isEmpty()) {
            throw malformed("Unknown key '" + unknown.iterator().next() + "': there is "
                    + new TreeSet<>(keys).stream().map(key -> "'" + key + "'").collect(Collectors.joining(", ")));
        }
        return new JsonBody(body);
    }

    JsonNode node(String key) {
        return body.path(key);
    }

    /** A string; null where it is left out. */
    @Nullable
    String text(String key) {
        JsonNode value = body.path(key);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isTextual()) {
            throw malformed("'" + key + "' must be a string");
        }
        return value.textValue();
    }

    /** A flag; false where it is left out. */
    boolean flag(String key) {
        JsonNode value = body.path(key);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw malformed("'" + key + "' must be true or false");
        }
        return value.booleanValue();
    }

    /** A list of names; empty where it is left out. */
    Set<String> names(String key) {
        JsonNode value = body.path(key);
        Set<String> names = new TreeSet<>();
        for (JsonNode name : value) {
            if (!name.isTextual()) {
                throw malformed("'" + key + "' must be a list of names");
            }
            names.add(name.textValue());
        }
        if (!value.isMissingNode() && (!value.isArray() || names.isEmpty())) {
            throw malformed("'" + key + "' must be a list of names; leave it out for all of them");
        }
        return names;
    }

    /** Who asks, with the keys {@code reason} and {@code override}. */
    By by(Operator operator) {
        @Nullable String given = text("reason");
        String reason = given == null ? "" : given.strip();
        if (reason.length() > LONGEST_REASON || reason.chars().anyMatch(Character::isISOControl)) {
            throw malformed("'reason' is one line of up to " + LONGEST_REASON + " characters");
        }
        boolean overrides = flag("override");
        if (overrides && reason.isEmpty()) {
            throw malformed("An 'override' needs a 'reason', which is kept");
        }
        return new By(operator.name(), reason, overrides);
    }

    static Problem malformed(String detail) {
        return new Problem(Kind.MALFORMED, detail);
    }

    private static JsonNode parse(String json) {
        try {
            return READER.readTree(json);
        } catch (JsonProcessingException e) {
            throw malformed("The body is not JSON: " + e.getOriginalMessage());
        }
    }

    private static void requireJson(@Nullable String contentType) {
        if (contentType != null && !contentType.matches("(?i)\\s*application/([a-z.-]+\\+)?json\\s*(;.*)?")) {
            throw new Problem(Kind.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json, not " + contentType);
        }
    }
}
