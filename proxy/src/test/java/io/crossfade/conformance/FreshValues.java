package io.crossfade.conformance;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes answers of two databases comparable where defaults gave a row the time of the call, or a random id. */
final class FreshValues {
    private static final Pattern MOMENT =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)(?:\\+00(?::00)?)?");
    private static final Pattern RANDOM_UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    private static final Duration TOLERANCE = Duration.ofSeconds(60);

    private FreshValues() {}

    /** Replaces the moments around now by {@code <now>}, and random ids that the caller did not send. */
    static String mask(String text, Scenario scenario) {
        return mask(text, scenario.path() + scenario.body());
    }

    /** The same, where {@code sent} is all that the caller sent. */
    static String mask(String text, String sent) {
        LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC);
        String masked = MOMENT.matcher(text).replaceAll(match -> {
            LocalDateTime moment = LocalDateTime.parse(match.group(1) + "T" + match.group(2));
            boolean fresh = Duration.between(moment, now).abs().compareTo(TOLERANCE) < 0;
            return Matcher.quoteReplacement(fresh ? "<now>" : match.group());
        });
        return RANDOM_UUID
                .matcher(masked)
                .replaceAll(match -> Matcher.quoteReplacement(sent.contains(match.group()) ? match.group() : "<uuid>"));
    }
}
