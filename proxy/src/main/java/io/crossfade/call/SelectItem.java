package io.crossfade.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One item of a select list. */
public sealed interface SelectItem {
    /** Every column. */
    enum Star implements SelectItem {
        STAR
    }

    /**
     * A column, or a place within a json column.
     *
     * @param alias the key in the answer, or null for the natural one
     * @param cast a type name to cast to, or null; holds only letters, digits, blank, {@code _} and {@code $}
     * @param aggregate an aggregate over the column, or null
     * @param aggregateCast a type name to cast the aggregate to, or null
     */
    record Column(
            Field field,
            @Nullable String alias,
            @Nullable String cast,
            @Nullable Aggregate aggregate,
            @Nullable String aggregateCast)
            implements SelectItem {
        /** The key in the answer: the alias; else the last key of the json path that is not an index; else the name. */
        public String key() {
            if (alias != null) {
                return alias;
            }
            List<Field.JsonStep> path = field.path();
            for (int i = path.size() - 1; i >= 0; i--) {
                if (!path.get(i).index()) {
                    return path.get(i).key();
                }
            }
            return field.column();
        }
    }

    /** The number of rows, {@code count()}. */
    record RowCount(@Nullable String alias, @Nullable String cast) implements SelectItem {}

    /**
     * Another relation, embedded as an object or an array; spread lifts its columns into the parent.
     *
     * @param target relation, constraint or column that names the relationship
     * @param hint tells several relationships apart, or null
     * @param inner whether parents without a match are dropped
     */
    record Embed(
            String target, @Nullable String alias, @Nullable String hint, boolean inner, boolean spread, Query query)
            implements SelectItem {
        /** The key in the answer, and the name by which filters, order and limits address it. */
        public String key() {
            return alias != null ? alias : target;
        }
    }

    /** The aggregates that PostgREST knows. */
    enum Aggregate {
        SUM,
        AVG,
        COUNT,
        MAX,
        MIN
    }
}
