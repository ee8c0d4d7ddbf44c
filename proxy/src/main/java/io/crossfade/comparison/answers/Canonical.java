package io.crossfade.comparison.answers;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;

/** One text for all texts of the same value. What cannot be understood stands for itself. */
final class Canonical {
    /** Longer numbers cost more to understand than they tell; they are equal where their texts are, but for zeros at the end. */
    private static final int LONGEST_NUMBER = 1_000;

    private Canonical() {}

    static String of(Raw raw, Kind kind) {
        String text = raw.text();
        if (raw.isNull()) {
            return text;
        }
        return switch (kind) {
            case NUMBER -> raw.isString() ? text : number(text);
            case FLOAT -> raw.isString() ? text : floating(text);
            case INSTANT -> instant(text);
            case MOMENT -> moment(text);
            case TEXT -> text;
            case VALUE -> value(raw);
        };
    }

    static String number(String text) {
        if (text.length() > LONGEST_NUMBER) {
            return text.indexOf('.') < 0 ? text : text.replaceFirst("\\.?0+$", "");
        }
        try {
            return new BigDecimal(text).stripTrailingZeros().toString();
        } catch (NumberFormatException e) {
            return text;
        }
    }

    /** Within an array or a composite nothing tells a floating point number, and only those have a -0. */
    private static String signed(String text) {
        String number = number(text);
        return number.equals("0") && text.startsWith("-") ? "-0" : number;
    }

    private static String floating(String text) {
        try {
            return Double.toString(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private static String instant(String text) {
        try {
            return OffsetDateTime.parse(unquoted(text)).toInstant().toString();
        } catch (DateTimeException e) {
            return text;
        }
    }

    private static String moment(String text) {
        try {
            return LocalDateTime.parse(unquoted(text)).toString();
        } catch (DateTimeException e) {
            return text;
        }
    }

    static String unquoted(String text) {
        return text.length() >= 2 && text.charAt(0) == '"' ? text.substring(1, text.length() - 1) : text;
    }

    private static String value(Raw raw) {
        try (JsonParser parser = Row.JSON.createParser(raw.bytes(), raw.from(), raw.to() - raw.from())) {
            parser.nextToken();
            StringBuilder text = new StringBuilder();
            value(parser, text);
            return text.toString();
        } catch (IOException e) {
            // Nested deeper than anybody looks.
            return raw.text();
        }
    }

    private static void value(JsonParser parser, StringBuilder text) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, String> members = new TreeMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                StringBuilder member = new StringBuilder();
                value(parser, member);
                members.put(name, member.toString());
            }
            text.append('{');
            members.forEach((name, member) -> {
                string(name, text);
                text.append(':').append(member).append(',');
            });
            text.append('}');
        } else if (token == JsonToken.START_ARRAY) {
            text.append('[');
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                value(parser, text);
                text.append(',');
            }
            text.append(']');
        } else if (token == JsonToken.VALUE_STRING) {
            string(parser.getText(), text);
        } else if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            text.append(signed(parser.getText()));
        } else {
            text.append(parser.getText());
        }
    }

    private static void string(String value, StringBuilder text) {
        text.append('"')
                .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                .append('"');
    }
}
