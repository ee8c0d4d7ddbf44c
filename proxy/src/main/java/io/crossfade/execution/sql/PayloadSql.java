package io.crossfade.execution.sql;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.Rows;
import io.crossfade.catalog.Column;
import io.crossfade.catalog.Relation;
import io.crossfade.sides.Identifiers;
import java.util.ArrayList;
import java.util.List;

/**
 * Renders the rows of a write. The JSON is bound whole and taken apart by the database, with the types of its own
 * catalogue: {@code [..]} becomes an array or json as the column says, and {@code "5"} fits an integer as {@code 5} does.
 */
final class PayloadSql {
    private static final String BODY = "_crossfade_body";

    private final Rows rows;
    private final Relation relation;
    private final SqlText sql;
    private final List<Column> columns;

    /** Fails with PGRST204 where the relation lacks one of the columns. */
    PayloadSql(Rows rows, Relation relation, SqlText sql) {
        this.rows = rows;
        this.relation = relation;
        this.sql = sql;
        this.columns = columns(rows, relation);
    }

    /**
     * {@code INSERT INTO .. SELECT ..} of every row.
     *
     * @param condition a condition on each row, with its {@code WHERE}, or nothing
     */
    void insertInto(String condition) {
        sql.add("INSERT INTO ").name(relation.schema(), relation.name());
        if (columns.isEmpty()) {
            insertEmptyRows(condition);
            return;
        }
        sql.add("(").join(", ", columns, column -> sql.name(column.name())).add(") SELECT ");
        sql.join(", ", columns, this::bodyColumn).add(" FROM ");
        body();
        sql.add(condition);
    }

    /** {@code UPDATE .. SET .. FROM ..}, up to its condition. */
    void updateOf() {
        sql.add("UPDATE ").name(relation.schema(), relation.name()).add(" SET ");
        sql.join(", ", columns, column -> {
            sql.name(column.name()).add(" = ");
            bodyColumn(column);
        });
        sql.add(" FROM ");
        body();
    }

    private void insertEmptyRows(String condition) {
        // The column list is left out: "INSERT INTO t() .." is not SQL, while a select of no columns is.
        sql.add(" SELECT FROM ");
        if (rows.array()) {
            sql.add("json_array_elements(").json(rows.json()).add(") AS ").add(BODY);
        } else {
            sql.add("(VALUES (1)) AS ").add(BODY);
        }
        sql.add(condition);
    }

    private void bodyColumn(Column column) {
        sql.add(BODY).add(".").name(column.name());
    }

    private void body() {
        boolean defaults = rows.missingAsDefault();
        sql.add("(SELECT ");
        if (defaults) {
            documentWithDefaults();
        } else {
            sql.json(rows.json());
        }
        sql.add(" AS document) AS _crossfade_payload, LATERAL (SELECT ")
                .join(", ", columns, column -> sql.name(column.name()))
                .add(" FROM ")
                .add(defaults ? "jsonb_to_record" : "json_to_record")
                .add(rows.array() ? "set" : "")
                .add("(_crossfade_payload.document) AS _(")
                .join(", ", columns, column -> sql.name(column.name()).add(" ").add(column.type()))
                .add(")) AS ")
                .add(BODY);
    }

    /** Each object laid over the defaults of its columns. */
    private void documentWithDefaults() {
        if (rows.array()) {
            sql.add("(SELECT coalesce(jsonb_agg(");
            defaults();
            sql.add(" || element), '[]') FROM jsonb_array_elements((")
                    .json(rows.json())
                    .add(")::jsonb) AS element)");
        } else {
            defaults();
            sql.add(" || (").json(rows.json()).add(")::jsonb");
        }
    }

    private void defaults() {
        List<Column> withDefault = columns.stream()
                .filter(column -> column.defaultExpression() != null && !column.generated())
                .toList();
        // Two arguments a column, and no function takes more than a hundred.
        int most = SqlText.MOST_ARGUMENTS / 2;
        sql.add("'{}'::jsonb");
        for (int from = 0; from < withDefault.size(); from += most) {
            List<Column> some = withDefault.subList(from, Math.min(withDefault.size(), from + most));
            sql.add(" || jsonb_build_object(")
                    .join(
                            ", ",
                            some,
                            column -> sql.add(Identifiers.literal(column.name()) + "::text, ")
                                    .add(String.valueOf(column.defaultExpression())))
                    .add(")");
        }
    }

    private static List<Column> columns(Rows rows, Relation relation) {
        List<Column> columns = new ArrayList<>();
        for (String name : rows.columns()) {
            Column column = relation.column(name);
            if (column == null) {
                throw new CallFailure(
                        Code.PGRST204,
                        "Could not find the '" + name + "' column of '" + relation.name() + "' in the schema cache",
                        null,
                        null);
            }
            columns.add(column);
        }
        return columns;
    }
}
