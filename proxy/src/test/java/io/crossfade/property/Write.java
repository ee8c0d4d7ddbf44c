package io.crossfade.property;

import java.util.ArrayList;
import java.util.List;

/**
 * One statement of a history. Numbers stand for tables, rows and values, so that the same write fits every schema and
 * shrinks well.
 *
 * @param undone whether a savepoint takes it back
 */
record Write(Kind kind, int table, int row, int other, boolean undone) {
    enum Kind {
        INSERT,
        UPSERT,
        UPDATE,
        RELATE,
        DELETE,
        CHANGE_KEY,
        SWAP,
        DELETE_MANY,
        INSERT_MANY,
        TRUNCATE
    }

    /** A statement that the schema's constraints refuse changes nothing, and the transaction goes on. */
    String sql(MadeUpSchema schema) {
        String statement =
                "DO $$ BEGIN " + statement(schema) + "; EXCEPTION WHEN integrity_constraint_violation THEN END $$";
        return undone ? "SAVEPOINT s; " + statement + "; ROLLBACK TO SAVEPOINT s" : statement;
    }

    private String statement(MadeUpSchema schema) {
        MadeUpTable t = schema.table(table);
        return switch (kind) {
            case INSERT -> insert(schema, t, row, other);
            case UPSERT ->
                insert(schema, t, row, other) + " ON CONFLICT " + MadeUpTable.row(t.keyColumns())
                        + " DO UPDATE SET v = excluded.v || '!'";
            case UPDATE -> "UPDATE " + t.name() + " SET v = v || '" + other + "' WHERE " + t.where(row);
            case RELATE -> relate(schema, t);
            case DELETE -> "DELETE FROM " + t.name() + " WHERE " + t.where(row);
            case CHANGE_KEY ->
                "UPDATE " + t.name() + " SET " + MadeUpTable.row(t.keyColumns()) + " = ROW"
                        + MadeUpTable.row(t.key().values(other)) + " WHERE " + t.where(row);
            case SWAP -> swap(t);
            case DELETE_MANY -> "DELETE FROM " + t.name() + " WHERE length(v) % 2 = " + (other % 2);
            case INSERT_MANY -> insert(schema, t, row, other) + "; " + insert(schema, t, 1 + row % 9, row);
            case TRUNCATE -> "TRUNCATE " + t.name() + " CASCADE";
        };
    }

    private String insert(MadeUpSchema schema, MadeUpTable t, int number, int value) {
        List<String> columns = new ArrayList<>(t.keyColumns());
        List<String> values = new ArrayList<>(t.key().values(number));
        columns.add("v");
        values.add("'v" + value + "'");
        if (t.unique()) {
            columns.add("u");
            values.add(Integer.toString(value));
        }
        for (int r = 0; r < t.references().size(); r++) {
            MadeUpTable parent = schema.tables().get(t.references().get(r).to());
            columns.addAll(t.referenceColumns(r, schema.tables()));
            // Even values have no parent at once.
            parent.key().values(value).forEach(part -> values.add(value % 2 == 0 ? "NULL" : part));
        }
        return "INSERT INTO " + t.name() + " " + MadeUpTable.row(columns) + " VALUES " + MadeUpTable.row(values);
    }

    private String relate(MadeUpSchema schema, MadeUpTable t) {
        if (t.references().isEmpty()) {
            return "UPDATE " + t.name() + " SET v = 'alone'";
        }
        int r = other % t.references().size();
        MadeUpTable parent = schema.tables().get(t.references().get(r).to());
        return "UPDATE " + t.name() + " SET " + MadeUpTable.row(t.referenceColumns(r, schema.tables())) + " = ROW"
                + MadeUpTable.row(parent.key().values(other)) + " WHERE " + t.where(row);
    }

    /** Two rows exchange what may be there only once. */
    private String swap(MadeUpTable t) {
        if (!t.unique()) {
            return "UPDATE " + t.name() + " SET v = 'swapped' WHERE " + t.where(row);
        }
        return "UPDATE " + t.name() + " SET u = -1 WHERE u = " + row + "; UPDATE " + t.name() + " SET u = " + row
                + " WHERE u = " + other + "; UPDATE " + t.name() + " SET u = " + other + " WHERE u = -1";
    }
}
