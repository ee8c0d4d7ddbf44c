package io.crossfade.frontdoor.rest;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A window of rows: what {@code limit} and {@code offset} say, met with what the {@code Range} header says.
 *
 * @param limit null for all that follow
 */
record Range(long offset, @Nullable Long limit) {
    static final Range ALL = new Range(0, null);

    private static final Pattern HEADER = Pattern.compile("(\\d{1,18})-(\\d{0,18})");

    /** The window that the header names; a malformed one is ignored. */
    static Range parse(@Nullable String header) {
        Matcher range = HEADER.matcher(header == null ? "" : header.strip());
        if (!range.matches()) {
            return ALL;
        }
        long first = Long.parseLong(range.group(1));
        if (range.group(2).isEmpty()) {
            return new Range(first, null);
        }
        long last = Long.parseLong(range.group(2));
        if (first > last) {
            throw unsatisfiable(
                    "The lower boundary must be lower than or equal to the upper boundary in the Range header.");
        }
        return new Range(first, last - first + 1);
    }

    /** What is in this window and also in the other one. */
    Range within(long otherOffset, @Nullable Long otherLimit) {
        if (otherLimit != null && otherLimit < 0) {
            throw unsatisfiable("Limit should be greater than or equal to zero.");
        }
        if (equals(ALL)) {
            return new Range(otherOffset, otherLimit);
        }
        long from = Math.max(offset, otherOffset);
        Long end = earlier(end(offset, limit), end(otherOffset, otherLimit));
        return new Range(from, end == null ? null : Math.max(0, end - from));
    }

    /** The limit, no higher than the cap; a cap of 0 is none. */
    @Nullable
    Long cappedLimit(long maxRows) {
        if (maxRows == 0) {
            return limit;
        }
        return limit == null ? Long.valueOf(maxRows) : Long.valueOf(Math.min(limit, maxRows));
    }

    /** The integer, clamped to what a bigint holds, or null where the text is none. */
    static @Nullable Long integer(String text) {
        if (!text.matches("-?\\d+")) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException tooLarge) {
            return text.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    static CallFailure unsatisfiable(String details) {
        return new CallFailure(Code.PGRST103, "Requested range not satisfiable", details, null);
    }

    private static @Nullable Long end(long offset, @Nullable Long limit) {
        return limit == null ? null : Long.valueOf(Long.MAX_VALUE - limit < offset ? Long.MAX_VALUE : offset + limit);
    }

    private static @Nullable Long earlier(@Nullable Long a, @Nullable Long b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return Math.min(a, b);
    }
}
