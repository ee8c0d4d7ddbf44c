package io.crossfade.admin;

import static io.crossfade.admin.JsonBody.malformed;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.call.Operation;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Change;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The body of a change.
 *
 * @param change null where the ramp is to choose
 * @param by who wants it, and why
 */
record ChangeBody(@Nullable Change change, By by) {
    private static final String EXAMPLE = "{\"stage\":\"rollout\",\"rollout\":12.5}";
    private static final Set<String> KEYS = Set.of("stage", "rollout", "reason", "override", "ramp");

    static ChangeBody of(RoutingContext context) {
        JsonBody body = JsonBody.of(context, EXAMPLE, KEYS);
        By by = body.by(Operator.of(context));
        JsonNode rollout = body.node("rollout");
        if (!body.node("ramp").isMissingNode()) {
            requireRampAlone(body);
            return new ChangeBody(null, by);
        }
        try {
            Change change = rollout.isObject()
                    ? new Change(stage(body), null, shares(rollout))
                    : new Change(stage(body), rollout.isMissingNode() ? null : share(rollout), Map.of());
            return new ChangeBody(change, by);
        } catch (IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Stage stage(JsonBody body) {
        @Nullable String label = body.text("stage");
        return label == null
                ? null
                : Stage.byLabel(label)
                        .orElseThrow(() -> malformed("There is no stage '" + label + "'; the stages are "
                                + Arrays.stream(Stage.values())
                                        .map(Stage::label)
                                        .collect(Collectors.joining(", "))));
    }

    private static void requireRampAlone(JsonBody body) {
        if (!body.flag("ramp")) {
            throw malformed("'ramp' must be true; to end a ramp, set the share with 'rollout'");
        }
        if (!body.node("stage").isMissingNode() || !body.node("rollout").isMissingNode()) {
            throw malformed("'ramp' chooses stage and share by itself: leave out 'stage' and 'rollout'");
        }
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
}
