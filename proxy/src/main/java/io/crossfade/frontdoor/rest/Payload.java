package io.crossfade.frontdoor.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.Invocation.JsonArguments;
import io.crossfade.call.Rows;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the body of a write only as far as PostgREST's rules need: whether it is JSON, an object or an array, and which
 * keys it has. Values are never read, so no number loses a digit.
 */
final class Payload {
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(1_000_000)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();
    private static final Buffer NO_ROWS = Buffer.buffer("[]");

    private Payload() {}

    /**
     * The rows in the body.
     *
     * @param columns the {@code columns} parameter, or null; with it the body is left to the database entirely
     */
    static Rows rows(Buffer body, @Nullable List<String> columns, boolean missingAsDefault) {
        if (columns != null) {
            return new Rows(body, columns, beginsArray(body), missingAsDefault);
        }
        Keys keys = keys(body, false);
        // PostgREST takes a bare number, string or null for a list without rows.
        return keys.rows()
                ? new Rows(body, keys.names(), keys.array(), missingAsDefault)
                : new Rows(NO_ROWS, List.of(), true, missingAsDefault);
    }

    /**
     * The arguments in the body of a function call.
     *
     * @param columns the {@code columns} parameter, which replaces the keys of the object, or null
     */
    static JsonArguments arguments(Buffer body, @Nullable List<String> columns) {
        if (columns != null || body.length() == 0) {
            return new JsonArguments(body, columns == null ? List.of() : columns, beginsArray(body));
        }
        Keys keys = keys(body, true);
        return new JsonArguments(body, keys.names(), keys.array());
    }

    /**
     * What a look at all of the body tells.
     *
     * @param rows whether it is an object or an array at all
     */
    private record Keys(List<String> names, boolean array, boolean rows) {}

    private static Keys keys(Buffer body, boolean mixedKeys) {
        try (JsonParser parser = JSON.createParser(body.getBytes())) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw notJson();
            }
            Set<String> names = new LinkedHashSet<>();
            if (first == JsonToken.START_ARRAY) {
                objects(parser, names, mixedKeys);
            } else if (first == JsonToken.START_OBJECT) {
                keys(parser, names);
            }
            if (parser.nextToken() != null) {
                throw notJson();
            }
            return new Keys(new ArrayList<>(names), first == JsonToken.START_ARRAY, !first.isScalarValue());
        } catch (IOException e) {
            throw notJson();
        }
    }

    private static boolean beginsArray(Buffer body) {
        for (int i = 0; i < body.length(); i++) {
            if (body.getByte(i) > ' ') {
                return body.getByte(i) == '[';
            }
        }
        return false;
    }

    /** Reads an array to its end; the keys are those of its first object. */
    private static void objects(JsonParser parser, Set<String> keys, boolean mixedKeys) throws IOException {
        boolean isFirst = true;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token != JsonToken.START_OBJECT) {
                throw keysMustMatch();
            }
            Set<String> own = isFirst ? keys : new LinkedHashSet<>();
            keys(parser, own);
            if (!mixedKeys && !own.equals(keys)) {
                throw keysMustMatch();
            }
            isFirst = false;
        }
    }

    private static void keys(JsonParser parser, Set<String> keys) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            keys.add(parser.currentName());
            parser.nextToken();
            parser.skipChildren();
        }
    }

    private static CallFailure notJson() {
        return new CallFailure(Code.PGRST102, "Empty or invalid json", null, null);
    }

    private static CallFailure keysMustMatch() {
        return new CallFailure(Code.PGRST102, "All object keys must match", null, null);
    }
}
