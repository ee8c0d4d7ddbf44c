package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request. An unknown one is refused: a misspelt filter would mean everything. */
final class Parameters {
    private static final Pattern SPAN = Pattern.compile("([0-9]{1,6})([mhd])");

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

    /** A time such as {@code 90m}, {@code 48h} or {@code 14d}, up to {@code most}. */
    Duration span(String name, Duration usual, Duration most) {
        @Nullable String text = value(name);
        if (text == null) {
            return usual;
        }
        Matcher matcher = SPAN.matcher(text);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            Duration span = switch (matcher.group(2)) {
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
            if (!span.isZero() && span.compareTo(most) <= 0) {
                return span;
            }
        }
        throw new Problem(
                Kind.MALFORMED, "'" + name + "' is a time such as 90m, 48h or 7d, up to " + most.toDays() + "d");
    }
}
