package io.crossfade.execution.sql;

import io.crossfade.call.Answer.Count;
import io.crossfade.call.Answer.Shape;
import io.crossfade.call.Invocation;
import io.crossfade.call.Invocation.JsonArguments;
import io.crossfade.call.Invocation.TextArguments;
import io.crossfade.catalog.Function;
import io.crossfade.catalog.Function.Parameter;
import io.crossfade.catalog.Function.Returns;
import io.crossfade.sides.Identifiers;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Renders a function call; only the arguments that were given are named, so that the function's own defaults apply. */
final class InvocationSql {
    private static final String ARGUMENTS = "_crossfade_arguments";
    private static final String VALUE = "_crossfade_value";

    private final Invocation invocation;
    private final Function function;
    private final List<Parameter> given;
    private final SqlText sql = new SqlText();

    private InvocationSql(Invocation invocation, Function function) {
        this.invocation = invocation;
        this.function = function;
        this.given = function.parameters().stream()
                .filter(parameter -> parameter.name().isEmpty()
                        || invocation.arguments().names().contains(parameter.name()))
                .toList();
    }

    static Statement render(Invocation invocation, Function function) {
        InvocationSql rendering = new InvocationSql(invocation, function);
        return function.returns() == Returns.ROW ? rendering.rows() : rendering.values();
    }

    /** Rows can be selected from, filtered and ordered like those of a relation. */
    private Statement rows() {
        Source source = new Source(Identifiers.quote(function.name()), function.columns());
        boolean single = !function.returnsSet();
        sql.add("WITH ")
                .add(WriteSql.SOURCE)
                .add(" AS (SELECT ")
                .add(source.reference())
                .add(".* FROM ");
        argumentRow();
        call();
        sql.add(" AS ").add(source.reference()).add(") SELECT ");
        if (invocation.answer().count() == Count.NONE) {
            sql.add("NULL::bigint");
        } else {
            sql.add("(SELECT count(*) FROM ").add(WriteSql.SOURCE).add(" AS ").add(source.reference());
            FilterSql.where(invocation.query().filters(), source, sql);
            sql.add(")");
        }
        sql.add(", count(*), ")
                .add(ResultSql.rowsAsJson(
                        invocation.answer(), single || invocation.answer().shape() == Shape.OBJECT))
                .add(", NULL::bigint, NULL::text, ");
        ResultSql.abortUnless(invocation.answer(), sql);
        sql.add(", ");
        int checks = sql.length();
        sql.add(" FROM (SELECT ");
        QuerySql.select(invocation.query(), source, sql);
        sql.add(" FROM ").add(WriteSql.SOURCE).add(" AS ").add(source.reference());
        FilterSql.where(invocation.query().filters(), source, sql);
        QuerySql.order(invocation.query().order(), source, sql);
        QuerySql.window(invocation.query(), sql);
        return sql.add(") AS ").add(ResultSql.ROW).checkCastsAt(checks).toStatement();
    }

    private Statement values() {
        String all = "json_agg(" + ResultSql.ROW + "." + VALUE + ")";
        boolean one = !function.returnsSet() || invocation.answer().shape() == Shape.OBJECT;
        String json = one ? "coalesce(" + all + "->0, 'null')" : "coalesce(" + all + ", '[]')";
        // Materialized: the function is called once, and is called even where nobody looks at what it gives.
        sql.add("WITH ").add(WriteSql.SOURCE).add(" AS MATERIALIZED (SELECT ");
        call();
        sql.add(" AS ").add(VALUE).add(" FROM ");
        argumentRow();
        sql.add("(SELECT) AS _) SELECT ")
                .add(
                        invocation.answer().count() == Count.NONE
                                ? "NULL::bigint"
                                : "(SELECT count(*) FROM " + WriteSql.SOURCE + ")")
                .add(", count(*), ")
                .add(function.returns() == Returns.NOTHING ? "''::bytea" : ResultSql.asBytes(json))
                .add(", NULL::bigint, NULL::text, ");
        ResultSql.abortUnless(invocation.answer(), sql);
        sql.add(" FROM (SELECT * FROM ").add(WriteSql.SOURCE);
        QuerySql.window(invocation.query(), sql);
        return sql.add(") AS ").add(ResultSql.ROW).toStatement();
    }

    private void call() {
        sql.name(function.schema(), function.name())
                .add("(")
                .join(", ", given, this::argument)
                .add(")");
    }

    private void argument(Parameter parameter) {
        if (parameter.name().isEmpty()) {
            wholeBody(parameter);
            return;
        }
        sql.add(parameter.variadic() ? "VARIADIC " : "").name(parameter.name()).add(" := ");
        if (invocation.arguments() instanceof TextArguments text) {
            text(parameter, Objects.requireNonNull(text.values().get(parameter.name())));
        } else {
            sql.add(ARGUMENTS).add(".").name(parameter.name());
        }
    }

    /** A single unnamed parameter takes the body as it is. */
    private void wholeBody(Parameter parameter) {
        JsonArguments arguments = jsonArguments();
        if (arguments == null) {
            sql.add("NULL");
        } else {
            sql.add("(").json(arguments.json()).add(")::").add(parameter.type());
        }
    }

    private void text(Parameter parameter, List<String> values) {
        if (parameter.variadic()) {
            String element = parameter.type().replaceFirst("\\[]$", "");
            sql.add("ARRAY[")
                    .join(", ", values, value -> sql.value(value, element))
                    .add("]");
        } else {
            sql.value(values.get(values.size() - 1), parameter.type());
        }
    }

    /** The arguments as a row of columns, when they came as JSON, with the comma that follows it. */
    private void argumentRow() {
        JsonArguments arguments = jsonArguments();
        if (arguments == null || given.isEmpty() || given.get(0).name().isEmpty()) {
            return;
        }
        sql.add("(SELECT ")
                .join(", ", given, parameter -> sql.name(parameter.name()))
                .add(arguments.array() ? " FROM json_to_recordset(" : " FROM json_to_record(")
                .json(arguments.json())
                .add(") AS _(")
                .join(
                        ", ",
                        given,
                        parameter -> sql.name(parameter.name()).add(" ").add(parameter.type()))
                .add(") LIMIT 1) AS ")
                .add(ARGUMENTS)
                .add(", LATERAL ");
    }

    private @Nullable JsonArguments jsonArguments() {
        return invocation.arguments() instanceof JsonArguments arguments ? arguments : null;
    }
}
