package io.crossfade.execution.sql;

import io.crossfade.call.Answer;
import io.crossfade.call.Delete;
import io.crossfade.call.Field;
import io.crossfade.call.Insert;
import io.crossfade.call.OrderTerm;
import io.crossfade.call.Query;
import io.crossfade.call.SelectItem;
import io.crossfade.call.Update;
import io.crossfade.call.Write;
import io.crossfade.catalog.Relation;
import io.crossfade.sides.Identifiers;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Renders a write: the change in a {@code WITH} clause, what it gave back selected from that, and checked, in the same
 * statement, so that a write is one round trip and one transaction.
 */
final class WriteSql {
    static final String SOURCE = "_crossfade_source";

    private final Relation relation;
    private final Answer answer;
    private final Query returned;
    private final SqlText sql = new SqlText().add("WITH ").add(SOURCE).add(" AS (");
    private final Source table;

    private WriteSql(Write write, Relation relation) {
        this.relation = relation;
        this.answer = write.answer();
        this.returned = write.returned();
        this.table = new Source(Identifiers.quote(relation.schema(), relation.name()), relation.columns());
    }

    static Statement render(Insert insert, Relation relation) {
        WriteSql write = new WriteSql(insert, relation);
        UpsertSql upsert = new UpsertSql(insert, relation);
        new PayloadSql(insert.rows(), relation, write.sql).insertInto(upsert.countsBySetting());
        upsert.onConflict(write.sql);
        write.returning(upsert.insertedFlag());
        return write.result(upsert.insertedCount());
    }

    static Statement render(Update update, Relation relation) {
        WriteSql write = new WriteSql(update, relation);
        if (update.values().columns().isEmpty()) {
            write.nothing();
        } else {
            new PayloadSql(update.values(), relation, write.sql).updateOf();
            FilterSql.where(update.filters(), write.table, write.sql);
            write.returning("");
        }
        return write.result("NULL::bigint");
    }

    static Statement render(Delete delete, Relation relation) {
        WriteSql write = new WriteSql(delete, relation);
        write.sql.add("DELETE FROM ").add(write.table.reference());
        FilterSql.where(delete.filters(), write.table, write.sql);
        write.returning("");
        return write.result("NULL::bigint");
    }

    /** An update that sets nothing touches no row. */
    private void nothing() {
        sql.add("SELECT ");
        returnedColumns();
        sql.add(" FROM ").add(table.reference()).add(" WHERE false");
    }

    private void returning(String insertedFlag) {
        sql.add(" RETURNING ");
        returnedColumns();
        sql.add(insertedFlag);
    }

    /** Only what the caller selected: a caller without the right to read a column can still write it. */
    private void returnedColumns() {
        Set<String> columns = new LinkedHashSet<>();
        if (answer.body()) {
            if (returned.select().contains(SelectItem.Star.STAR)) {
                sql.add(table.reference()).add(".*");
                return;
            }
            for (SelectItem item : returned.select()) {
                if (item instanceof SelectItem.Column column) {
                    columns.add(column.field().column());
                }
            }
            returned.order().stream().map(OrderTerm::field).map(Field::column).forEach(columns::add);
        }
        if (answer.location()) {
            columns.addAll(relation.primaryKey());
        }
        if (columns.isEmpty()) {
            sql.add("1");
        } else {
            sql.join(
                    ", ", columns, column -> sql.add(table.reference()).add(".").name(column));
        }
    }

    private Statement result(String insertedCount) {
        sql.add(") SELECT NULL::bigint, count(*), ")
                .add(answer.body() ? ResultSql.rowsAsJson(answer) : "''::bytea")
                .add(", ")
                .add(insertedCount)
                .add(", ");
        location();
        sql.add(", ");
        ResultSql.abortUnless(answer, sql);
        sql.add(", ");
        int checks = sql.length();
        sql.add(" FROM (SELECT ");
        if (answer.body()) {
            // Aliased like the relation, so that what the caller named resolves as it does in a read.
            Source source = new Source(Identifiers.quote(relation.name()), relation.columns());
            returnedItems(source);
            sql.add(" FROM ").add(SOURCE).add(" AS ").name(relation.name());
            QuerySql.order(returned.order(), source, sql);
        } else {
            sql.add("1 FROM ").add(SOURCE);
        }
        return sql.add(") AS ").add(ResultSql.ROW).checkCastsAt(checks).toStatement();
    }

    private void returnedItems(Source source) {
        if (returned.select().contains(SelectItem.Star.STAR)) {
            // Named one by one: "*" would also give the flag that tells inserted from updated rows.
            List<SelectItem> items = returned.select().stream()
                    .flatMap(item -> item == SelectItem.Star.STAR
                            ? relation.columns().keySet().stream().map(WriteSql::column)
                            : List.of(item).stream())
                    .toList();
            QuerySql.select(new Query(items, List.of(), List.of(), null, 0), source, sql);
        } else {
            QuerySql.select(returned, source, sql);
        }
    }

    private static SelectItem column(String name) {
        return new SelectItem.Column(Field.of(name), null, null, null, null);
    }

    private void location() {
        if (!answer.location() || relation.primaryKey().isEmpty()) {
            sql.add("NULL::text");
            return;
        }
        sql.add("(SELECT CASE WHEN count(*) = 1 THEN (json_agg(json_build_object(")
                .join(
                        ", ",
                        relation.primaryKey(),
                        column -> sql.add(Identifiers.literal(column) + "::text, ")
                                .name(column)
                                .add("::text"))
                .add("))->0)::text END FROM ")
                .add(SOURCE)
                .add(")");
    }
}
