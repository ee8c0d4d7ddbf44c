package io.crossfade.admin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.crossfade.admin.Problem.Kind;
import io.crossfade.call.Operation;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.Change;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a change from the body of a request. Strict: a key that is unknown or given twice is refused, because whoever
 * misspells {@code rollout} must not be told that all went well.
 */
record ChangeBody(@Nullable Change change, String reason, boolean overrides) {
    private static final int LONGEST_REASON = 1_000;
    private static final Set<String> KEYS = Set.of("stage", "rollout", "reason", "override", "ramp");
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader()
            .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    static ChangeBody read(String json) {
        JsonNode body = parse(json);
        if (!body.isObject()) {
            throw malformed("The body must be an object such as {\"stage\":\"rollout\",\"rollout\":12.5}");
        }
        Set<String> unknown = new TreeSet<>();
        body.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw malformed("Unknown key '" + unknown.iterator().next()
                    + "': a change has 'stage', 'rollout', 'ramp', 'reason' and 'override'");
        }
        JsonNode rollout = body.path("rollout");
        if (body.has("ramp")) {
            requireRampAlone(body);
            return new ChangeBody(null, reason(body), overrides(body));
        }
        try {
            Change change = rollout.isObject()
                    ? new Change(stage(body), null, shares(rollout))
                    : new Change(stage(body), rollout.isMissingNode() ? null : share(rollout), Map.of());
            return new ChangeBody(change, reason(body), overrides(body));
        } catch (IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode parse(String json) {
        try {
            return READER.readTree(json);
        } catch (JsonProcessingException e) {
            throw malformed("The body is not JSON: " + e.getOriginalMessage());
        }
    }

    private static @Nullable Stage stage(JsonNode body) {
        JsonNode stage = body.path("stage");
        if (stage.isMissingNode()) {
            return null;
        }
        if (!stage.isTextual()) {
            throw malformed("'stage' must be a string");
        }
        return Stage.byLabel(stage.textValue())
                .orElseThrow(() -> malformed("There is no stage '" + stage.textValue() + "'; the stages are "
                        + Arrays.stream(Stage.values()).map(Stage::label).collect(Collectors.joining(", "))));
    }

    private static void requireRampAlone(JsonNode body) {
        if (!body.path("ramp").isBoolean() || !body.path("ramp").booleanValue()) {
            throw malformed("'ramp' must be true; to end a ramp, set the share with 'rollout'");
        }
        if (body.has("stage") || body.has("rollout")) {
            throw malformed("'ramp' chooses stage and share by itself: leave out 'stage' and 'rollout'");
        }
    }

    private static String reason(JsonNode body) {
        JsonNode reason = body.path("reason");
        if (reason.isMissingNode()) {
            return "";
        }
        if (!reason.isTextual() || reason.textValue().length() > LONGEST_REASON) {
            throw malformed("'reason' must be a string of at most " + LONGEST_REASON + " characters");
        }
        return reason.textValue().strip();
    }

    private static boolean overrides(JsonNode body) {
        JsonNode override = body.path("override");
        if (override.isMissingNode()) {
            return false;
        }
        if (!override.isBoolean()) {
            throw malformed("'override' must be true or false");
        }
        if (override.booleanValue() && reason(body).isEmpty()) {
            throw malformed("'override' needs a 'reason', which is kept with the change");
        }
        return override.booleanValue();
    }

    private static Map<Operation, Double> shares(JsonNode rollout) {
        Map<Operation, Double> shares = new EnumMap<>(Operation.class);
        rollout.properties().forEach(entry -> {
            Operation operation = Operation.byLabel(entry.getKey())
                    .orElseThrow(() -> malformed("There is no operation '" + entry.getKey() + "'; the reads are "
                            + readLabels().stream().collect(Collectors.joining(", "))));
            shares.put(operation, share(entry.getValue()));
        });
        return shares;
    }

    private static List<String> readLabels() {
        return Arrays.stream(Operation.values())
                .filter(Operation::isRead)
                .map(Operation::label)
                .toList();
    }

    private static double share(JsonNode share) {
        if (!share.isNumber()) {
            throw malformed("'rollout' must be a number, or an object with a number for each read operation");
        }
        return share.doubleValue();
    }

    private static Problem malformed(String detail) {
        return new Problem(Kind.MALFORMED, detail);
    }
}
