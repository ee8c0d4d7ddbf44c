package io.crossfade.comparison.answers;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rows of an answer as those see them who keep a difference. */
final class Images {
    private static final ObjectMapper MAPPER = JsonMapper.builder(Row.JSON)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Images() {}

    /** The row as it was answered, its values by the names of their columns. */
    static JsonNode of(Row row, Names names) {
        ObjectNode image = MAPPER.createObjectNode();
        row.values().forEach((name, value) -> {
            if (!name.startsWith(Reading.HIDDEN)) {
                image.set(Row.unused(names.of(name), taken(image)), of(value));
            }
        });
        return image;
    }

    /** The key of the row by column, or null where the answer has none. */
    static @Nullable JsonNode key(Row row, Map<String, String> key) {
        if (key.isEmpty()) {
            return null;
        }
        ObjectNode image = MAPPER.createObjectNode();
        new TreeMap<>(key).forEach((name, column) -> {
            Raw value = row.values().get(name);
            if (value != null) {
                image.set(column, of(value));
            }
        });
        return image;
    }

    private static Set<String> taken(ObjectNode image) {
        Set<String> taken = new HashSet<>();
        image.fieldNames().forEachRemaining(taken::add);
        return taken;
    }

    static JsonNode number(long number) {
        return MAPPER.getNodeFactory().numberNode(number);
    }

    private static JsonNode of(Raw value) {
        try {
            return MAPPER.readTree(value.bytes(), value.from(), value.to() - value.from());
        } catch (IOException e) {
            // Nested deeper than anybody looks.
            return TextNode.valueOf(value.text());
        }
    }
}
