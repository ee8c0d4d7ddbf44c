package io.crossfade.execution.sql;

import io.crossfade.call.Field;
import io.crossfade.catalog.Column;
import io.crossfade.sides.Identifiers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a query reads from: how its columns are addressed in SQL, and what is known about them.
 *
 * @param reference the quoted name that stands before a column
 * @param columns what is known; a column that is not among them is left to the database to judge
 */
record Source(String reference, Map<String, Column> columns) {
    /** The field as an expression; keys of a json path are bound. */
    void render(Field field, SqlText sql) {
        String column = reference + "." + Identifiers.quote(field.column());
        if (field.path().isEmpty()) {
            sql.add(column);
            return;
        }
        sql.add(isJson(field) ? column : "to_jsonb(" + column + ")");
        for (Field.JsonStep step : field.path()) {
            sql.add(step.asText() ? "->>" : "->");
            if (step.index()) {
                sql.value(step.key(), "integer");
            } else {
                sql.value(step.key());
            }
        }
    }

    /** The type that a value compared with the field takes, or null where the column is unknown. */
    @Nullable
    String typeOf(Field field) {
        if (field.path().isEmpty()) {
            Column column = columns.get(field.column());
            return column == null ? null : column.type();
        }
        if (field.path().get(field.path().size() - 1).asText()) {
            return "text";
        }
        Column column = columns.get(field.column());
        return column != null && column.type().equals("json") ? "json" : "jsonb";
    }

    /** Whether the field is of a string type, or of an unknown one. */
    boolean isTextual(Field field) {
        Column column = columns.get(field.column());
        return field.path().isEmpty() ? column == null || column.textual() : "text".equals(typeOf(field));
    }

    private boolean isJson(Field field) {
        Column column = columns.get(field.column());
        return column != null && (column.type().equals("json") || column.type().equals("jsonb"));
    }
}
