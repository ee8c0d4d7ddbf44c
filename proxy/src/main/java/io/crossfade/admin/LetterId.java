package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.migration.Side;
import io.crossfade.shadow.DeadLetterDesk.Letter;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the admin API calls a dead letter: the side that keeps it and its number there, such as {@code target-17}.
 *
 * @param number unique on that side alone
 */
record LetterId(Side side, long number) {
    private static final Pattern TEXT = Pattern.compile("([a-z]+)-([0-9]{1,18})");

    static String text(Letter letter) {
        return letter.shadow().label() + "-" + letter.letter().id();
    }

    static LetterId read(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (matcher.matches()) {
            return Arrays.stream(Side.values())
                    .filter(side -> side.label().equals(matcher.group(1)))
                    .findFirst()
                    .map(side -> new LetterId(side, Long.parseLong(matcher.group(2))))
                    .orElseThrow(LetterId::unknown);
        }
        throw unknown();
    }

    static Problem unknown() {
        return new Problem(
                Kind.UNKNOWN_DEAD_LETTER,
                "There is no dead letter of that id: it may have healed, or somebody discarded it");
    }
}
