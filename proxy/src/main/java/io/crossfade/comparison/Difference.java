package io.crossfade.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place in which two answers differ. It holds values of the application's data: whoever stores or shows it masks them.
 *
 * @param kind in what way
 * @param key the key of the row by column, or null where the rows have none in the answer
 * @param columns the columns that differ, sorted, never a word of a caller; empty where the whole row or answer does
 * @param authority what the authority gave: the row, or of an error its code as a text; null where it gave nothing
 * @param shadow the same of the shadow
 */
public record Difference(
        MismatchKind kind,
        @Nullable JsonNode key,
        List<String> columns,
        @Nullable JsonNode authority,
        @Nullable JsonNode shadow) {
    public Difference {
        columns = List.copyOf(columns);
    }
}
