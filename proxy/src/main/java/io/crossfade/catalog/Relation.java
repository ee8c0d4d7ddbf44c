package io.crossfade.catalog;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table or a view.
 *
 * @param columns by name, in the order of the table
 * @param primaryKey the columns of the primary key, in key order; empty where there is none
 * @param foreignKeys the foreign keys of this relation
 */
public record Relation(
        String schema,
        String name,
        Kind kind,
        Map<String, Column> columns,
        List<String> primaryKey,
        List<ForeignKey> foreignKeys) {
    public Relation {
        primaryKey = List.copyOf(primaryKey);
        foreignKeys = List.copyOf(foreignKeys);
    }

    /** The column, or null where there is none of that name. */
    public @Nullable Column column(String name) {
        return columns.get(name);
    }

    /** What kind of relation it is. */
    public enum Kind {
        TABLE,
        PARTITIONED_TABLE,
        VIEW,
        MATERIALIZED_VIEW,
        FOREIGN_TABLE
    }
}
