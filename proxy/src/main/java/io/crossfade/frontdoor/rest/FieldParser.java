package io.crossfade.frontdoor.rest;

import io.crossfade.call.Field;
import io.crossfade.call.Field.JsonStep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads fields: a column and the way into its json. */
final class FieldParser {
    /** What a key cannot hold unquoted; a dash is allowed unless it begins an arrow. */
    private static final String KEY_STOPS = "(:.,>)";

    private FieldParser() {}

    static Field field(Cursor cursor) {
        return new Field(cursor.name(), path(cursor));
    }

    static List<JsonStep> path(Cursor cursor) {
        List<JsonStep> path = new ArrayList<>();
        while (cursor.lookingAt("->")) {
            boolean asText = cursor.take("->>");
            if (!asText) {
                cursor.expect("->");
            }
            String index = cursor.attempt(() -> index(cursor));
            path.add(index == null ? new JsonStep(key(cursor), false, asText) : new JsonStep(index, true, asText));
        }
        return path;
    }

    /** An index is an integer that the step consists of entirely: {@code 1a} is a key. */
    private static @Nullable String index(Cursor cursor) {
        String index = cursor.integer();
        boolean whole = cursor.atEnd() || cursor.lookingAt("->") || "(:.,)".indexOf(cursor.peek()) >= 0;
        return whole ? index : null;
    }

    private static String key(Cursor cursor) {
        if (cursor.peek() == '"') {
            return cursor.quoted();
        }
        StringBuilder key = new StringBuilder();
        while (!cursor.atEnd() && KEY_STOPS.indexOf(cursor.peek()) < 0 && !cursor.lookingAt("->")) {
            key.append(cursor.next());
        }
        if (key.length() == 0) {
            throw cursor.error("json key");
        }
        return key.toString();
    }
}
