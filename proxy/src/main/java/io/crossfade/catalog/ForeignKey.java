package io.crossfade.catalog;

import java.util.List;

/** A foreign key: {@code columns} of its relation name the {@code referencedColumns} of another. */
public record ForeignKey(
        String name,
        List<String> columns,
        String referencedSchema,
        String referencedRelation,
        List<String> referencedColumns) {
    public ForeignKey {
        columns = List.copyOf(columns);
        referencedColumns = List.copyOf(referencedColumns);
    }
}
