package io.crossfade.comparison.answers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One row of an answer: its values by key, in the order of the answer. A key that stands there twice, as a select list may name it
 * twice, is told apart by its place.
 */
record Row(Map<String, Raw> values) {
    /** The database vouches for sizes: an answer was bounded before it was taken. */
    static final JsonFactory JSON = reading(StreamReadConstraints.DEFAULT_MAX_DEPTH);

    /** For what is passed over and not taken apart. */
    private static final JsonFactory PASSING = reading(Integer.MAX_VALUE);

    /** The rows of an array of objects, or the one of an object. */
    static List<Row> read(Buffer body) {
        byte[] bytes = body.getBytes();
        List<Row> rows = new ArrayList<>();
        try (JsonParser parser = PASSING.createParser(bytes)) {
            boolean array = parser.nextToken() == JsonToken.START_ARRAY;
            if (array) {
                parser.nextToken();
            }
            while (parser.currentToken() == JsonToken.START_OBJECT) {
                rows.add(row(parser, bytes));
                parser.nextToken();
            }
            if (array ? parser.currentToken() != JsonToken.END_ARRAY : rows.size() != 1) {
                throw new IllegalArgumentException("the answer holds something that is no row");
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException("the answer is no JSON", e);
        }
    }

    private static JsonFactory reading(int depth) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    private static Row row(JsonParser parser, byte[] bytes) throws IOException {
        Map<String, Raw> values = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            int to = (int) parser.currentLocation().getByteOffset();
            values.put(unused(name, values.keySet()), new Raw(bytes, from, to));
        }
        return new Row(values);
    }

    /** The name, or where it is taken, the name with its place. */
    static String unused(String name, Set<String> taken) {
        String key = name;
        for (int again = 2; taken.contains(key); again++) {
            key = name + "#" + again;
        }
        return key;
    }
}
