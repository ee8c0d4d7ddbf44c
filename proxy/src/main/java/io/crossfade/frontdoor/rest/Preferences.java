package io.crossfade.frontdoor.rest;

import io.crossfade.call.Answer.Count;
import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.OnConflict.Resolution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Prefer} header (RFC 7240; PostgREST reference, "Prefer Header"). The first value of a kind wins.
 *
 * @param values what was understood, by kind
 */
record Preferences(Map<String, String> values) {
    private static final Map<String, Set<String>> KNOWN = Map.of(
            "resolution", Set.of("merge-duplicates", "ignore-duplicates"),
            "missing", Set.of("default", "null"),
            "return", Set.of("minimal", "headers-only", "representation"),
            "count", Set.of("exact", "planned", "estimated"),
            "tx", Set.of("commit", "rollback"),
            "handling", Set.of("strict", "lenient"));
    /** The order in which {@code Preference-Applied} lists them. */
    private static final List<String> ORDER =
            List.of("resolution", "missing", "return", "count", "tx", "handling", "timezone", "max-affected");

    /** Fails with PGRST122 under strict handling where something was not understood. */
    static Preferences parse(List<String> headers) {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        headers.stream()
                .flatMap(header -> Stream.of(header.split(",")))
                .map(String::strip)
                .forEach(token -> {
                    int equals = token.indexOf('=');
                    String kind =
                            equals < 0 ? token : token.substring(0, equals).strip();
                    String value = equals < 0 ? "" : token.substring(equals + 1).strip();
                    if (isKnown(kind, value)) {
                        values.putIfAbsent(kind, value);
                    } else if (!token.isEmpty()) {
                        unknown.add(token);
                    }
                });
        if (!unknown.isEmpty() && "strict".equals(values.get("handling"))) {
            throw new CallFailure(
                    Code.PGRST122,
                    "Invalid preferences given with handling=strict",
                    "Invalid preferences: " + String.join(", ", unknown),
                    null);
        }
        return new Preferences(values);
    }

    private static boolean isKnown(String kind, String value) {
        if (kind.equals("max-affected")) {
            return value.matches("\\d{1,18}");
        }
        return KNOWN.getOrDefault(kind, Set.of()).contains(value);
    }

    Count count() {
        String count = values.get("count");
        if (count == null) {
            return Count.NONE;
        }
        return switch (count) {
            case "planned" -> Count.PLANNED;
            case "estimated" -> Count.ESTIMATED;
            default -> Count.EXACT;
        };
    }

    @Nullable
    Resolution resolution() {
        String resolution = values.get("resolution");
        if (resolution == null) {
            return null;
        }
        return resolution.equals("merge-duplicates") ? Resolution.MERGE_DUPLICATES : Resolution.IGNORE_DUPLICATES;
    }

    boolean returnsRows() {
        return "representation".equals(values.get("return"));
    }

    boolean returnsLocation() {
        return "headers-only".equals(values.get("return"));
    }

    boolean missingAsDefault() {
        return "default".equals(values.get("missing"));
    }

    /** The most rows that may be affected; only strict handling makes it count. */
    @Nullable
    Long maxAffected() {
        String limit = values.get("max-affected");
        return limit != null && "strict".equals(values.get("handling")) ? Long.valueOf(limit) : null;
    }

    /** The value of {@code Preference-Applied} for the kinds that had a meaning, or null where there are none. */
    @Nullable
    String applied(Predicate<String> meaningful) {
        List<String> applied = ORDER.stream()
                .filter(kind -> meaningful.test(kind) && values.containsKey(kind))
                .map(kind -> kind + "=" + values.get(kind))
                .toList();
        return applied.isEmpty() ? null : String.join(", ", applied);
    }
}
