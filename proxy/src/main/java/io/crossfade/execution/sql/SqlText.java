package io.crossfade.execution.sql;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.crossfade.sides.Identifiers;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A statement in the making: text in which every value is a numbered parameter.
 *
 * <p>The caller's values arrive as text and take the type of what they are compared with, as an untyped literal would
 * (PostgreSQL manual, 10.2). The driver cannot bind untyped values, so each is bound as text and cast to that type.
 */
final class SqlText {
    /** No function takes more than a hundred arguments. */
    static final int MOST_ARGUMENTS = 100;

    private final StringBuilder text = new StringBuilder(512);
    private final List<Object> values = new ArrayList<>();
    private final List<String> casts = new ArrayList<>();

    @CanIgnoreReturnValue
    SqlText add(String sql) {
        text.append(sql);
        return this;
    }

    @CanIgnoreReturnValue
    SqlText name(String identifier) {
        return add(Identifiers.quote(identifier));
    }

    @CanIgnoreReturnValue
    SqlText name(String schema, String identifier) {
        return add(Identifiers.quote(schema, identifier));
    }

    /** A value of the caller, cast to the type. */
    @CanIgnoreReturnValue
    SqlText value(String value, String type) {
        String cast = "CAST(" + bind(withoutNul(value)) + "::text AS " + type + ")";
        casts.add(cast);
        return add(cast);
    }

    /** A value of the caller that is text. */
    @CanIgnoreReturnValue
    SqlText value(String value) {
        return add(bind(withoutNul(value))).add("::text");
    }

    @CanIgnoreReturnValue
    SqlText value(long value) {
        return add(bind(value)).add("::bigint");
    }

    /** A JSON document of the caller, byte for byte. */
    @CanIgnoreReturnValue
    SqlText json(Buffer document) {
        return add("convert_from(").add(bind(document)).add("::bytea, 'UTF8')::json");
    }

    /** The items, with a separator between. */
    @CanIgnoreReturnValue
    <T> SqlText join(String separator, Iterable<T> items, Consumer<T> render) {
        boolean first = true;
        for (T item : items) {
            if (!first) {
                add(separator);
            }
            first = false;
            render.accept(item);
        }
        return this;
    }

    /** The place that the text has reached. */
    int length() {
        return text.length();
    }

    /**
     * Puts an expression at an earlier place that converts every cast value once more. PostgreSQL evaluates a cast
     * parameter only when a row needs it, a literal always: without this, a malformed value would pass as long as no row
     * meets it.
     */
    @CanIgnoreReturnValue
    SqlText checkCastsAt(int place) {
        StringBuilder checks = new StringBuilder("0");
        for (int from = 0; from < casts.size(); from += MOST_ARGUMENTS) {
            List<String> some = casts.subList(from, Math.min(casts.size(), from + MOST_ARGUMENTS));
            checks.append(" + num_nulls(").append(String.join(", ", some)).append(")");
        }
        text.insert(place, checks);
        return this;
    }

    Statement toStatement() {
        return new Statement(text.toString(), Tuple.wrap(values));
    }

    private String bind(Object value) {
        values.add(value);
        return "$" + values.size();
    }

    /** PostgreSQL cannot store NUL; PostgREST drops it. */
    private static String withoutNul(String value) {
        return value.indexOf('\0') < 0 ? value : value.replace("\0", "");
    }
}
