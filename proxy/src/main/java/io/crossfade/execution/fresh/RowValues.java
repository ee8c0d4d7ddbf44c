package io.crossfade.execution.fresh;

import io.crossfade.call.Filter;
import io.crossfade.call.Repository;
import io.crossfade.catalog.Catalog;
import io.crossfade.catalog.Column;
import io.crossfade.catalog.Relation;
import io.crossfade.migration.Side;
import io.crossfade.routing.Equality;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values that filters require of a row, in a form in which different values are different for the database, too. That is
 * known of a few types only: for others, such as {@code timestamptz} or {@code citext}, two texts may be one value, and
 * nothing is said about the column.
 */
final class RowValues {
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final Function<Side, @Nullable Catalog> catalogs;

    RowValues(Function<Side, @Nullable Catalog> catalogs) {
        this.catalogs = catalogs;
    }

    /** By column, as far as they are known. */
    Map<String, Object> required(Repository repository, List<Filter> filters, Side authority) {
        Catalog catalog = catalogs.apply(authority);
        Relation relation = catalog == null ? null : catalog.relation(repository.schema(), repository.relation());
        Map<String, Object> values = new HashMap<>();
        if (relation != null) {
            for (Equality equality : Equality.required(filters)) {
                Column column = relation.column(equality.column());
                Object value = column == null ? null : value(column.type(), equality.value());
                if (value != null) {
                    values.put(equality.column(), value);
                }
            }
        }
        return values;
    }

    private static @Nullable Object value(String type, String text) {
        return switch (type) {
            case "smallint", "integer", "bigint" -> number(text);
            case "text", "character varying" -> text;
            case "uuid" -> UUID_TEXT.matcher(text).matches() ? UUID.fromString(text.toLowerCase(Locale.ROOT)) : null;
            default -> null;
        };
    }

    private static @Nullable Long number(String text) {
        try {
            return Long.valueOf(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
