package io.crossfade.execution.sql;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.OrderTerm;
import io.crossfade.call.Query;
import io.crossfade.call.SelectItem;
import java.util.List;

/** Renders the parts of a query: select list, order, window. */
final class QuerySql {
    private final Source source;
    private final SqlText sql;

    private QuerySql(Source source, SqlText sql) {
        this.source = source;
        this.sql = sql;
    }

    static void select(Query query, Source source, SqlText sql) {
        sql.join(", ", query.select(), new QuerySql(source, sql)::item);
    }

    static void order(List<OrderTerm> order, Source source, SqlText sql) {
        if (!order.isEmpty()) {
            sql.add(" ORDER BY ").join(", ", order, new QuerySql(source, sql)::term);
        }
    }

    static void window(Query query, SqlText sql) {
        if (query.limit() != null) {
            sql.add(" LIMIT ").value(query.limit());
        }
        if (query.offset() > 0) {
            sql.add(" OFFSET ").value(query.offset());
        }
    }

    private void item(SelectItem item) {
        if (item instanceof SelectItem.Star) {
            sql.add(source.reference()).add(".*");
        } else if (item instanceof SelectItem.Column column) {
            column(column);
        } else {
            throw new CallFailure(Code.PGRST123, "Use of aggregate functions is not allowed", null, null);
        }
    }

    private void column(SelectItem.Column column) {
        if (column.aggregate() != null) {
            throw new CallFailure(Code.PGRST123, "Use of aggregate functions is not allowed", null, null);
        }
        if (column.cast() == null) {
            source.render(column.field(), sql);
        } else {
            sql.add("CAST( ");
            source.render(column.field(), sql);
            // The parser lets only letters, digits, blanks, "_" and "$" into a cast.
            sql.add(" AS ").add(column.cast()).add(" )");
        }
        if (column.alias() != null
                || column.cast() != null
                || !column.field().path().isEmpty()) {
            sql.add(" AS ").name(column.key());
        }
    }

    private void term(OrderTerm term) {
        if (term.embed() != null) {
            throw new CallFailure(
                    Code.PGRST108,
                    "'" + term.embed() + "' is not an embedded resource in this request",
                    null,
                    "Verify that '" + term.embed() + "' is included in the 'select' query parameter.");
        }
        source.render(term.field(), sql);
        if (term.direction() != null) {
            sql.add(" ").add(term.direction().name());
        }
        if (term.nulls() != null) {
            sql.add(" NULLS ").add(term.nulls().name());
        }
    }
}
