package io.crossfade.frontdoor.rest;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a URL, decoded, in their order.
 *
 * @param parameters those that have a value
 * @param bare the names of those without {@code =}, which mean nothing
 */
record QueryString(List<Parameter> parameters, List<String> bare) {
    /** One parameter. */
    record Parameter(String name, String value) {}

    /**
     * Takes a query apart.
     *
     * @param query what follows the question mark, still encoded, or null
     */
    static QueryString parse(@Nullable String query) {
        List<Parameter> parameters = new ArrayList<>();
        List<String> bare = new ArrayList<>();
        if (query != null && !query.isEmpty()) {
            int start = 0;
            while (start < query.length()) {
                int end = query.indexOf('&', start);
                end = end < 0 ? query.length() : end;
                int equals = query.indexOf('=', start);
                if (equals >= 0 && equals < end) {
                    parameters.add(new Parameter(
                            decode(query.substring(start, equals)), decode(query.substring(equals + 1, end))));
                } else {
                    bare.add(decode(query.substring(start, end)));
                }
                start = end + 1;
            }
        }
        return new QueryString(parameters, bare);
    }

    /** The first value of that name, or null. */
    @Nullable
    String first(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return parameter.value();
            }
        }
        return null;
    }

    /** The same without the parameters of that name. */
    QueryString without(String name) {
        return new QueryString(
                parameters.stream()
                        .filter(parameter -> !parameter.name().equals(name))
                        .toList(),
                bare);
    }

    /**
     * The form in which PostgREST shows a query in {@code Content-Location}: sorted by name, the values of one name joined
     * by commas; empty, or with a question mark.
     */
    String canonical() {
        Map<String, List<String>> values = new TreeMap<>();
        parameters.forEach(parameter -> values.computeIfAbsent(parameter.name(), name -> new ArrayList<>())
                .add(encode(parameter.value())));
        bare.forEach(
                name -> values.computeIfAbsent(name, first -> new ArrayList<>()).add(""));
        return values.isEmpty()
                ? ""
                : values.entrySet().stream()
                        .map(entry -> encode(entry.getKey()) + "=" + String.join(",", entry.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    /** Percent-decoded as UTF-8, a plus meaning a space; what is not a valid escape stays as it is. */
    static String decode(String encoded) {
        if (encoded.indexOf('%') < 0 && encoded.indexOf('+') < 0) {
            return encoded;
        }
        byte[] bytes = encoded.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '+') {
                decoded.put((byte) ' ');
            } else if (b == '%' && i + 2 < bytes.length && hex(bytes[i + 1]) >= 0 && hex(bytes[i + 2]) >= 0) {
                decoded.put((byte) (hex(bytes[i + 1]) << 4 | hex(bytes[i + 2])));
                i += 2;
            } else {
                decoded.put(b);
            }
        }
        return new String(decoded.array(), 0, decoded.position(), StandardCharsets.UTF_8);
    }

    /** As PostgREST does it: each byte of the UTF-8 form is taken for a character and encoded as one. */
    private static String encode(String value) {
        String bytes = new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return URLEncoder.encode(bytes, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static int hex(byte digit) {
        return Character.digit(digit, 16);
    }
}
