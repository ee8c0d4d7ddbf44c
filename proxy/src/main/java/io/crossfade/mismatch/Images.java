package io.crossfade.mismatch;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.comparison.Difference;
import io.crossfade.comparison.MismatchKind;
import io.crossfade.sides.Mask;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a sample what is kept of it: of each value its type, its length and a keyed hash, so that equal values look equal
 * and none can be read.
 *
 * @param reveal whether the values themselves are kept, too
 */
record Images(Mask mask, boolean reveal) {
    private static final int MOST_COLUMNS = 30;
    private static final int LONGEST_VALUE = 200;

    /** A code of ours, of PostgREST or of PostgreSQL, which is no value of anybody. */
    private static final String CODE = "[A-Z0-9]{4,9}";

    JsonObject of(Sample sample) {
        Difference difference = sample.difference();
        JsonObject image = new JsonObject()
                .put("at", sample.at().toString())
                .put("confirmed", sample.confirmed())
                .put("operation", sample.operation())
                .put("shape", sample.shape())
                .put("authoritySide", sample.authority().label());
        if (difference == null) {
            return image.putNull("key").putNull("authority").putNull("shadow");
        }
        boolean code = difference.kind() == MismatchKind.ERROR;
        return image.put("key", row(difference.key(), List.of(), false))
                .put("authority", row(difference.authority(), difference.columns(), code))
                .put("shadow", row(difference.shadow(), difference.columns(), code));
    }

    /**
     * @param columns those that are of interest; all where there are none
     * @param code whether it may be a code instead of a value
     */
    private @Nullable JsonArray row(@Nullable JsonNode row, List<String> columns, boolean code) {
        if (row == null || row.isMissingNode()) {
            return null;
        }
        JsonArray masked = new JsonArray();
        if (!row.isObject()) {
            return masked.add(value(null, row, code));
        }
        int left = MOST_COLUMNS;
        for (Map.Entry<String, JsonNode> column : row.properties()) {
            if ((columns.isEmpty() || columns.contains(column.getKey())) && left-- > 0) {
                masked.add(value(column.getKey(), column.getValue(), false));
            }
        }
        return masked;
    }

    private JsonObject value(@Nullable String column, JsonNode value, boolean code) {
        JsonObject masked = new JsonObject().put("column", column).put("type", type(value));
        if (value.isNull()) {
            return masked.putNull("length").putNull("hash").putNull("value");
        }
        String text = value.isTextual() ? value.textValue() : value.toString();
        boolean shown = reveal || (code && text.matches(CODE));
        if (value.isBoolean()) {
            // With two values, a hash would be as good as the value.
            return masked.putNull("length").putNull("hash").put("value", reveal ? text : null);
        }
        return masked.put("length", Mask.length(text))
                .put("hash", mask.hash(text))
                .put("value", shown ? Text.printable(text, LONGEST_VALUE) : null);
    }

    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "text";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case NULL, MISSING -> "null";
            case BINARY -> "binary";
        };
    }
}
