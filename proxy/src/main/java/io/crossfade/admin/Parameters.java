package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request. An unknown one is refused: a misspelt filter would mean everything. */
final class Parameters {
    private final RoutingContext context;

    private Parameters(RoutingContext context) {
        this.context = context;
    }

    static Parameters of(RoutingContext context, String... known) {
        for (String name : context.queryParams().names()) {
            if (!Arrays.asList(known).contains(name)) {
                throw new Problem(
                        Kind.MALFORMED,
                        "Unknown parameter '" + name + "'"
                                + (known.length == 0 ? "" : ": there is " + String.join(" and ", known)));
            }
        }
        return new Parameters(context);
    }

    @Nullable
    String value(String name) {
        List<String> values = context.queryParam(name);
        if (values.size() > 1) {
            throw new Problem(Kind.MALFORMED, "'" + name + "' is given more than once");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** One of some words; null where it is left out. */
    <T> @Nullable T oneOf(String name, T[] all, Function<T, String> label) {
        @Nullable String text = value(name);
        if (text == null) {
            return null;
        }
        return Arrays.stream(all)
                .filter(one -> label.apply(one).equals(text))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Kind.MALFORMED,
                        "'" + name + "' is one of "
                                + Arrays.stream(all).map(label).collect(Collectors.joining(", "))));
    }

    /** Either {@code true} or {@code false}; false where it is left out. */
    boolean flag(String name) {
        @Nullable String text = value(name);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw new Problem(Kind.MALFORMED, "'" + name + "' is true or false");
        }
        return "true".equals(text);
    }

    /** A whole number from 0 to {@code most}. */
    int number(String name, int usual, int most) {
        @Nullable String text = value(name);
        if (text == null) {
            return usual;
        }
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) > most) {
            throw new Problem(Kind.MALFORMED, "'" + name + "' is a whole number from 0 to " + most);
        }
        return Integer.parseInt(text);
    }
}
