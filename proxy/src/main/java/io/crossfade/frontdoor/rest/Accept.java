package io.crossfade.frontdoor.rest;

import io.crossfade.call.Answer.Shape;
import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the caller accepts, settled (PostgREST reference, "Media Types").
 *
 * @param contentType the {@code Content-Type} of the answer
 */
record Accept(Shape shape, boolean nullsStripped, String contentType) {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String OBJECT = "application/vnd.pgrst.object";
    private static final String ARRAY = "application/vnd.pgrst.array";
    private static final Accept ANY = new Accept(Shape.ARRAY, false, JSON);

    /**
     * The best of the accepted types that we can give; fails with PGRST107 where there is none.
     *
     * @param header the header, or null where there is none
     */
    static Accept parse(@Nullable String header) {
        if (header == null || header.isBlank() || header.equals("*/*") || header.equals("application/json")) {
            return ANY;
        }
        List<String> types = Stream.of(header.split(","))
                .map(String::strip)
                .sorted(Comparator.comparingDouble(Accept::quality).reversed())
                .toList();
        for (String type : types) {
            Accept accept = of(type.toLowerCase(Locale.ROOT));
            if (accept != null) {
                return accept;
            }
        }
        throw new CallFailure(
                Code.PGRST107,
                "None of these media types are available: "
                        + String.join(
                                ", ", types.stream().map(Accept::withoutQuality).toList()),
                null,
                null);
    }

    private static @Nullable Accept of(String type) {
        String name = type.split(";", 2)[0].strip();
        boolean stripped = type.replace(" ", "").contains(";nulls=stripped");
        return switch (name) {
            case "*/*", "application/json" -> ANY;
            case OBJECT, OBJECT + "+json" -> new Accept(Shape.OBJECT, stripped, vendor(OBJECT, stripped));
            case ARRAY, ARRAY + "+json" -> stripped ? new Accept(Shape.ARRAY, true, vendor(ARRAY, true)) : ANY;
            default -> null;
        };
    }

    private static String vendor(String type, boolean stripped) {
        return type + "+json" + (stripped ? ";nulls=stripped" : "") + "; charset=utf-8";
    }

    private static double quality(String type) {
        for (String parameter : type.split(";", -1)) {
            String stripped = parameter.strip();
            if (stripped.startsWith("q=")) {
                try {
                    return Double.parseDouble(stripped.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }

    private static String withoutQuality(String type) {
        return type.replaceAll(";\\s*q=[0-9.]*", "");
    }
}
