package io.crossfade.comparison.answers;

import io.crossfade.call.Query;
import io.crossfade.call.SelectItem;
import io.crossfade.catalog.Relation;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the values of an answer are called outside of it: by the column that they come from.
 *
 * <p>A key of an answer may be a caller's own word, as an alias or the last step of a json path, and so hold anything, such as a phone.
 * A column is a word of the databases: it is only asked about where both sides gave rows, so both have it.
 */
record Names(Map<String, String> byKey) {
    /** For a value that comes from no column. */
    private static final String HIDDEN = "?";

    Names {
        byKey = Map.copyOf(byKey);
    }

    static Names of(Query query, @Nullable Relation one, @Nullable Relation other) {
        Map<String, String> byKey = new HashMap<>();
        Set<String> taken = new HashSet<>();
        for (SelectItem item : query.select()) {
            if (item == SelectItem.Star.STAR) {
                columns(one, other).forEach(name -> byKey.put(Row.unused(name, byKey.keySet()), next(name, taken)));
            } else if (item instanceof SelectItem.Column column) {
                String name = column.field().column();
                byKey.put(Row.unused(column.key(), byKey.keySet()), next(name, taken));
            }
        }
        return new Names(byKey);
    }

    /** Never a word of the caller. */
    String of(String key) {
        return byKey.getOrDefault(key, HIDDEN);
    }

    List<String> of(Collection<String> keys) {
        return keys.stream().map(this::of).distinct().sorted().toList();
    }

    /** Two values of one column are told apart, as two values of one key are. */
    private static String next(String name, Set<String> taken) {
        String next = Row.unused(name, taken);
        taken.add(next);
        return next;
    }

    private static Stream<String> columns(@Nullable Relation one, @Nullable Relation other) {
        return Stream.of(one, other)
                .flatMap(relation -> relation == null ? Stream.empty() : relation.columns().keySet().stream())
                .distinct();
    }
}
