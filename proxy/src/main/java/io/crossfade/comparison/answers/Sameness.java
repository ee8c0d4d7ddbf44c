package io.crossfade.comparison.answers;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Whether two values are the same, or near enough by what is configured. */
enum Sameness {
    SAME,
    /** Different, in a way that was said not to matter. */
    TOLERATED,
    DIFFERENT;

    /** @param a null where the row has no such key, which is not the same as a null in it */
    static Sameness of(String name, @Nullable Raw a, @Nullable Raw b, Reading reading) {
        if (a == null || b == null) {
            return a == b ? SAME : reading.isIgnored(name) ? TOLERATED : DIFFERENT;
        }
        Kind kind = reading.kind(name);
        if (a.equals(b) || Canonical.of(a, kind).equals(Canonical.of(b, kind))) {
            return SAME;
        }
        return reading.isIgnored(name) || isNear(a, b, kind, reading) ? TOLERATED : DIFFERENT;
    }

    private static boolean isNear(Raw a, Raw b, Kind kind, Reading reading) {
        if (a.isNull() || b.isNull()) {
            return false;
        }
        return switch (kind) {
            case NUMBER, FLOAT -> isNear(a, b, reading.rules().numericTolerance());
            case INSTANT, MOMENT -> isNear(a, b, kind, reading.rules().timestampPrecision());
            case TEXT, VALUE -> false;
        };
    }

    private static boolean isNear(Raw a, Raw b, BigDecimal tolerance) {
        if (tolerance.signum() == 0 || a.isString() || b.isString()) {
            return false;
        }
        try {
            return new BigDecimal(a.text())
                            .subtract(new BigDecimal(b.text()))
                            .abs()
                            .compareTo(tolerance)
                    <= 0;
        } catch (ArithmeticException | NumberFormatException e) {
            return false;
        }
    }

    private static boolean isNear(Raw a, Raw b, Kind kind, Duration precision) {
        if (precision.isZero()) {
            return false;
        }
        try {
            return units(a, kind, precision) == units(b, kind, precision);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static long units(Raw raw, Kind kind, Duration precision) {
        String text = Canonical.unquoted(raw.text());
        Instant instant = kind == Kind.INSTANT
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        return Math.floorDiv(instant.toEpochMilli(), precision.toMillis());
    }
}
