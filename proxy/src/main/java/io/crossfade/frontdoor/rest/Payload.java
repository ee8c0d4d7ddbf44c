package io.crossfade.frontdoor.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
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
     * @param columns the {@code columns} parameter, which replaces the keys of the rows, or null
     */
    static Rows rows(Buffer body, @Nullable List<String> columns, boolean missingAsDefault) {
        try (JsonParser parser = JSON.createParser(body.getBytes())) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw notJson();
            }
            boolean array = first == JsonToken.START_ARRAY;
            Set<String> keys = new LinkedHashSet<>();
            int rows = 0;
            if (array) {
                rows = objects(parser, keys, columns != null);
            } else if (first == JsonToken.START_OBJECT) {
                keys(parser, keys);
                rows = 1;
            }
            expectEnd(parser);
            if (!array && rows == 0) {
                // PostgREST takes a bare number, string or null for a list without rows.
                return new Rows(NO_ROWS, List.of(), true, true, missingAsDefault);
            }
            List<String> written = columns != null ? columns : new ArrayList<>(keys);
            return new Rows(body, written, array, rows == 0, missingAsDefault);
        } catch (IOException e) {
            throw notJson();
        }
    }

    /** The names of the arguments in the body of a function call. */
    static List<String> argumentNames(Buffer body) {
        if (body.length() == 0) {
            return List.of();
        }
        try (JsonParser parser = JSON.createParser(body.getBytes())) {
            Set<String> names = new LinkedHashSet<>();
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_ARRAY) {
                // An array stands for its first object, but all of it has to be JSON.
                int unused = objects(parser, names, true);
            } else if (first == JsonToken.START_OBJECT) {
                keys(parser, names);
            } else if (first == null) {
                throw notJson();
            }
            expectEnd(parser);
            return new ArrayList<>(names);
        } catch (IOException e) {
            throw notJson();
        }
    }

    /** Reads an array to its end and gives the number of its objects. */
    private static int objects(JsonParser parser, Set<String> keys, boolean mixedKeys) throws IOException {
        int rows = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token != JsonToken.START_OBJECT) {
                throw keysMustMatch();
            }
            Set<String> own = rows == 0 ? keys : new LinkedHashSet<>();
            keys(parser, own);
            if (!mixedKeys && !own.equals(keys)) {
                throw keysMustMatch();
            }
            rows++;
        }
        return rows;
    }

    private static void keys(JsonParser parser, Set<String> keys) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            keys.add(parser.currentName());
            parser.nextToken();
            parser.skipChildren();
        }
    }

    private static void expectEnd(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw notJson();
        }
    }

    private static CallFailure notJson() {
        return new CallFailure(Code.PGRST102, "Empty or invalid json", null, null);
    }

    private static CallFailure keysMustMatch() {
        return new CallFailure(Code.PGRST102, "All object keys must match", null, null);
    }
}
