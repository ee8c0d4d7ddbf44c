package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An epoch as HTTP says it: an entity tag in answers, {@code If-Match} in changes. */
final class Epoch {
    private static final Pattern IF_MATCH = Pattern.compile("(\"?)([0-9]{1,18})\\1");

    private Epoch() {}

    static String tag(long epoch) {
        return "\"" + epoch + "\"";
    }

    /** The epoch that a change was based on; empty where the caller does not care. Quotes may be left out. */
    static OptionalLong expectedBy(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return OptionalLong.empty();
        }
        Matcher matcher = IF_MATCH.matcher(ifMatch.strip());
        if (!matcher.matches()) {
            throw new Problem(Kind.MALFORMED, "If-Match takes one epoch, such as \"7\"");
        }
        return OptionalLong.of(Long.parseLong(matcher.group(2)));
    }
}
