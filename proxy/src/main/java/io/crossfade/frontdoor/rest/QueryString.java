package io.crossfade.frontdoor.rest;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a URL, decoded, in their order.
 *
 * @param parameters a parameter without {@code =} is left out
 */
record QueryString(List<Parameter> parameters) {
    /** One parameter. */
    record Parameter(String name, String value) {}

    /** @param query what follows the question mark, still encoded, or null */
    static QueryString parse(@Nullable String query) {
        List<Parameter> parameters = new ArrayList<>();
        if (query != null && !query.isEmpty()) {
            int start = 0;
            while (start <= query.length()) {
                int end = query.indexOf('&', start);
                end = end < 0 ? query.length() : end;
                int equals = query.indexOf('=', start);
                if (equals >= 0 && equals < end) {
                    parameters.add(new Parameter(
                            decode(query.substring(start, equals)), decode(query.substring(equals + 1, end))));
                }
                start = end + 1;
            }
        }
        return new QueryString(parameters);
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
        return new QueryString(parameters.stream()
                .filter(parameter -> !parameter.name().equals(name))
                .toList());
    }

    /** Sorted by name and encoded as a form, as {@code Content-Location} shows it; empty, or with a question mark. */
    String canonical() {
        return parameters.isEmpty()
                ? ""
                : parameters.stream()
                        .sorted(Comparator.comparing(Parameter::name))
                        .map(parameter -> encode(parameter.name()) + "=" + encode(parameter.value()))
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

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    private static int hex(byte digit) {
        return Character.digit(digit, 16);
    }
}
