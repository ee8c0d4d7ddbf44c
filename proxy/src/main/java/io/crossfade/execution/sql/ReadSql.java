package io.crossfade.execution.sql;

import io.crossfade.call.Answer.Count;
import io.crossfade.call.Read;
import io.crossfade.catalog.Relation;
import io.crossfade.sides.Identifiers;

/** Renders a read: one select, with the total counted beside it where that was asked for. */
final class ReadSql {
    private ReadSql() {}

    static Statement render(Read read, Relation relation) {
        String table = Identifiers.quote(relation.schema(), relation.name());
        Source source = new Source(table, relation.columns());
        SqlText sql = new SqlText().add("SELECT ");
        if (read.answer().count() == Count.NONE) {
            sql.add("NULL::bigint");
        } else {
            sql.add("(SELECT count(*) FROM ").add(table);
            FilterSql.where(read.query().filters(), source, sql);
            sql.add(")");
        }
        sql.add(", count(*), ")
                .add(read.answer().body() ? ResultSql.rowsAsJson(read.answer()) : "''::bytea")
                .add(", NULL::bigint, NULL::text, ");
        int checks = sql.length();
        sql.add(" FROM (SELECT ");
        QuerySql.select(read.query(), source, sql);
        sql.add(" FROM ").add(table);
        FilterSql.where(read.query().filters(), source, sql);
        QuerySql.order(read.query().order(), source, sql);
        QuerySql.window(read.query(), sql);
        return sql.add(") AS ").add(ResultSql.ROW).checkCastsAt(checks).toStatement();
    }
}
