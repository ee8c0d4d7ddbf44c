package io.crossfade.settings;

import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.settings.FreshnessSettings.Ack;
import io.crossfade.settings.FreshnessSettings.StaleReads;
import io.crossfade.settings.OperatorSettings.Role;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of values that the configuration has. */
final class Parsers {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,9})\\s*([A-Za-z]+)");
    private static final Map<String, Long> MILLISECONDS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L);
    private static final Map<String, Long> BYTES = Map.of("B", 1L, "KB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration LONGEST_SPAN = Duration.ofDays(30);

    private Parsers() {}

    static Parser<String> text() {
        return text -> text;
    }

    static Parser<Long> number(long least, long most) {
        return text -> {
            try {
                return require(Long.parseLong(text.replace("_", "")), least, most);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("is not a whole number from " + least + " to " + most, e);
            }
        };
    }

    static Parser<Integer> port() {
        return text -> number(0, 65_535).parse(text).intValue();
    }

    /** A share from 0 to 100 %. */
    static Parser<Double> share() {
        return text -> {
            String number =
                    text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : text;
            if (!number.matches("\\d{1,3}(\\.\\d+)?") || Double.parseDouble(number) > 100) {
                throw new IllegalArgumentException("is not a share from 0 to 100 (%), such as 12.5");
            }
            return Double.parseDouble(number);
        };
    }

    static Parser<Duration> duration() {
        return text -> {
            long milliseconds = quantity(text, MILLISECONDS);
            if (milliseconds < 1 || milliseconds > LONGEST.toMillis()) {
                throw new IllegalArgumentException("is not a duration from 1ms to 24h, such as 500ms, 30s or 5m");
            }
            return Duration.ofMillis(milliseconds);
        };
    }

    /** A time that may be none at all, or days. */
    static Parser<Duration> span() {
        return text -> {
            long milliseconds = quantity(text, MILLISECONDS);
            if (milliseconds < 0 || milliseconds > LONGEST_SPAN.toMillis()) {
                throw new IllegalArgumentException("is not a duration from 0s to 720h, such as 10m or 48h");
            }
            return Duration.ofMillis(milliseconds);
        };
    }

    /** How many times something may be as much as something else. */
    static Parser<Double> factor() {
        return text -> {
            if (!text.matches("\\d{1,4}(\\.\\d{1,4})?") || Double.parseDouble(text) < 1) {
                throw new IllegalArgumentException("is not a factor from 1 to 9999, such as 1.5");
            }
            return Double.parseDouble(text);
        };
    }

    /** True or false. */
    static Parser<Boolean> flag() {
        return text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("is neither true nor false; write one of them");
        };
    }

    /** The word by which something is switched off. */
    static Parser<Boolean> off() {
        return text -> {
            if (!text.equals("off")) {
                throw new IllegalArgumentException("is not known here; write off, or a block of keys");
            }
            return true;
        };
    }

    /** How far two numbers may be apart. */
    static Parser<BigDecimal> tolerance() {
        return text -> {
            if (!text.matches("\\d{1,12}(\\.\\d{1,20})?")) {
                throw new IllegalArgumentException("is not a distance between numbers, such as 0.005");
            }
            return new BigDecimal(text);
        };
    }

    /** What is left of a moment. */
    static Parser<Duration> precision() {
        return text -> switch (text) {
            case "1us" -> Duration.ZERO;
            case "1ms" -> Duration.ofMillis(1);
            case "1s" -> Duration.ofSeconds(1);
            default -> throw new IllegalArgumentException("is not a precision; write 1us, 1ms or 1s");
        };
    }

    static Parser<Integer> size() {
        return text -> {
            long bytes = quantity(text, BYTES);
            if (bytes < 1 || bytes > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("is not a size from 1B to 2047MB, such as 512KB or 10MB");
            }
            return (int) bytes;
        };
    }

    /** A size that may be larger than any buffer. */
    static Parser<Long> bytes() {
        return text -> {
            long bytes = quantity(text, BYTES);
            if (bytes < 1) {
                throw new IllegalArgumentException("is not a size, such as 500MB or 10GB");
            }
            return bytes;
        };
    }

    /** What is done when the journal is full: whether its largest groups are given up. */
    static Parser<Boolean> whenFull() {
        return text -> switch (text) {
            case "give-up" -> true;
            case "keep" -> false;
            default -> throw new IllegalArgumentException("is not known here; write give-up or keep");
        };
    }

    static Parser<Stage> stage() {
        List<String> labels = Arrays.stream(Stage.values()).map(Stage::label).toList();
        return text -> Stage.byLabel(text)
                .orElseThrow(() -> new IllegalArgumentException("is not a stage; " + Suggestion.remedy(text, labels)));
    }

    static Parser<Ack> ack() {
        return text -> Ack.byLabel(text)
                .orElseThrow(() -> new IllegalArgumentException("is not an ack; write authority or both"));
    }

    static Parser<StaleReads> staleReads() {
        return text -> StaleReads.byLabel(text)
                .orElseThrow(() -> new IllegalArgumentException("is neither refused nor accepted; write one of them"));
    }

    /** A name that can stand in a log and on a page as it is. */
    static Parser<String> name() {
        return text -> {
            if (!text.matches("[\\p{L}\\p{N}._@ -]{1,64}")) {
                throw new IllegalArgumentException("is not a name; use up to 64 letters, digits, spaces and . _ @ -");
            }
            return text;
        };
    }

    static Parser<Role> role() {
        return text -> Role.byLabel(text)
                .orElseThrow(() -> new IllegalArgumentException("is not a role; write viewer or operator"));
    }

    static Parser<Side> side() {
        return text -> Arrays.stream(Side.values())
                .filter(side -> side.label().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is not a side; write legacy or target"));
    }

    private static long require(long number, long least, long most) {
        if (number < least || number > most) {
            throw new IllegalArgumentException("is out of range; it must be from " + least + " to " + most);
        }
        return number;
    }

    /** In the smallest unit, or -1 if it is no number with a known unit. */
    private static long quantity(String text, Map<String, Long> units) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (!matcher.matches() || !units.containsKey(matcher.group(2))) {
            return -1;
        }
        return Long.parseLong(matcher.group(1)) * units.getOrDefault(matcher.group(2), 0L);
    }
}
