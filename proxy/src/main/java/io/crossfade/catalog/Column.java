package io.crossfade.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A column.
 *
 * @param type the name to cast to, without length or precision and, for a domain, of the type beneath it; the casts that
 *     the caller's values need must neither cut nor check them
 * @param textual whether the type is one of the string types (category {@code S} of {@code pg_type})
 * @param defaultExpression what a row gets that does not name the column, or null
 * @param generated whether the database alone computes it
 */
public record Column(
        String name, String type, boolean textual, @Nullable String defaultExpression, boolean generated) {}
