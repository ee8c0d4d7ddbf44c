package io.crossfade.settings;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts environment variables into values: <code>${NAME}</code>, or <code>${NAME:-default}</code> where the variable may
 * be unset or empty. <code>$${</code> stands for a plain <code>${</code>.
 */
final class Interpolation {
    private static final Pattern VARIABLE =
            Pattern.compile("\\$(\\$\\{)|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?})?");

    private Interpolation() {}

    /** @throws IllegalArgumentException naming the variable that is not set, or the form that is not understood */
    static String of(String text, Map<String, String> environment) {
        return VARIABLE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(replacement(match, environment)));
    }

    private static String replacement(MatchResult match, Map<String, String> environment) {
        if (match.group(1) != null) {
            return match.group(1);
        }
        String name = match.group(2);
        if (name == null) {
            throw new IllegalArgumentException(
                    "holds a ${ that is neither ${NAME} nor ${NAME:-default}; write $${ for a plain ${");
        }
        String value = environment.getOrDefault(name, "");
        String fallback = match.group(3);
        if (value.isEmpty() && fallback != null) {
            return fallback;
        }
        if (!environment.containsKey(name)) {
            throw new IllegalArgumentException("needs the environment variable " + name
                    + ", which is not set; set it, or write ${" + name + ":-default}");
        }
        return value;
    }
}
