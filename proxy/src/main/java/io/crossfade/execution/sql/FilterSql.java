package io.crossfade.execution.sql;

import io.crossfade.call.Field;
import io.crossfade.call.Filter;
import io.crossfade.call.Filter.Compare;
import io.crossfade.call.Filter.Condition;
import io.crossfade.call.Filter.Group;
import io.crossfade.call.Filter.In;
import io.crossfade.call.Filter.Is;
import io.crossfade.call.Filter.Operator;
import io.crossfade.call.Filter.TextSearch;
import io.crossfade.call.Filter.Truth;
import java.util.List;

/** Renders conditions. */
final class FilterSql {
    private final Source source;
    private final SqlText sql;

    private FilterSql(Source source, SqlText sql) {
        this.source = source;
        this.sql = sql;
    }

    /** {@code WHERE} and all the filters, or nothing where there is none. */
    static void where(List<Filter> filters, Source source, SqlText sql) {
        if (!filters.isEmpty()) {
            sql.add(" WHERE ").join(" AND ", filters, new FilterSql(source, sql)::render);
        }
    }

    private void render(Filter filter) {
        if (filter.negated()) {
            sql.add("NOT ");
        }
        if (filter instanceof Group group) {
            sql.add("(")
                    .join(" " + group.logic() + " ", group.members(), this::render)
                    .add(")");
        } else if (filter instanceof Condition condition) {
            render(condition);
        }
    }

    private void render(Condition condition) {
        Field field = condition.field();
        if (condition.test() instanceof Compare compare) {
            compare(field, compare);
        } else if (condition.test() instanceof In in) {
            source.render(field, sql);
            sql.add(" = ANY (")
                    .value(arrayLiteral(in.values()), typeOf(field) + "[]")
                    .add(")");
        } else if (condition.test() instanceof Is is) {
            source.render(field, sql);
            sql.add(is(is.truth()));
        } else if (condition.test() instanceof TextSearch search) {
            textSearch(field, search);
        }
    }

    private void compare(Field field, Compare compare) {
        source.render(field, sql);
        sql.add(" ").add(operator(compare.operator())).add(" ");
        String value = isPattern(compare.operator()) ? compare.value().replace('*', '%') : compare.value();
        if (compare.quantifier() != null) {
            sql.add(compare.quantifier().name())
                    .add(" (")
                    .value(value, typeOf(field) + "[]")
                    .add(")");
        } else if (isAboutText(compare.operator())
                && !source.isTextual(field)
                && !typeOf(field).equals("bytea")) {
            // No such operator exists: PostgreSQL says so before it looks at any value, and its message names the right
            // side as the untyped literal that PostgREST sends.
            sql.add("''");
        } else {
            sql.value(value, typeOf(field));
        }
    }

    private void textSearch(Field field, TextSearch search) {
        if (typeOf(field).equals("tsvector")) {
            source.render(field, sql);
        } else {
            sql.add("to_tsvector(");
            language(search);
            source.render(field, sql);
            sql.add(")");
        }
        sql.add(" @@ ").add(function(search.parser())).add("(");
        language(search);
        sql.value(search.query()).add(")");
    }

    private void language(TextSearch search) {
        if (search.language() != null) {
            sql.value(search.language(), "regconfig").add(", ");
        }
    }

    private String typeOf(Field field) {
        String type = source.typeOf(field);
        return type == null ? "text" : type;
    }

    /** An array literal with every element quoted (PostgreSQL manual, 8.15.2). */
    private static String arrayLiteral(List<String> elements) {
        StringBuilder literal = new StringBuilder("{");
        // PostgREST takes the list of one empty string for the empty list.
        if (!elements.equals(List.of(""))) {
            for (String element : elements) {
                literal.append(literal.length() > 1 ? ",\"" : "\"")
                        .append(element.replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
        }
        return literal.append('}').toString();
    }

    private static boolean isPattern(Operator operator) {
        return operator == Operator.LIKE || operator == Operator.ILIKE;
    }

    private static boolean isAboutText(Operator operator) {
        return isPattern(operator) || operator == Operator.MATCH || operator == Operator.IMATCH;
    }

    private static String operator(Operator operator) {
        return switch (operator) {
            case EQ -> "=";
            case NEQ -> "<>";
            case GT -> ">";
            case GTE -> ">=";
            case LT -> "<";
            case LTE -> "<=";
            case LIKE -> "LIKE";
            case ILIKE -> "ILIKE";
            case MATCH -> "~";
            case IMATCH -> "~*";
            case IS_DISTINCT -> "IS DISTINCT FROM";
            case CONTAINS -> "@>";
            case CONTAINED_IN -> "<@";
            case OVERLAPS -> "&&";
            case STRICTLY_LEFT -> "<<";
            case STRICTLY_RIGHT -> ">>";
            case NOT_EXTENDS_RIGHT -> "&<";
            case NOT_EXTENDS_LEFT -> "&>";
            case ADJACENT -> "-|-";
        };
    }

    private static String is(Truth truth) {
        return switch (truth) {
            case NULL -> " IS NULL";
            case NOT_NULL -> " IS NOT NULL";
            case TRUE -> " IS TRUE";
            case FALSE -> " IS FALSE";
            case UNKNOWN -> " IS UNKNOWN";
        };
    }

    private static String function(Filter.Parser parser) {
        return switch (parser) {
            case TSQUERY -> "to_tsquery";
            case PLAIN -> "plainto_tsquery";
            case PHRASE -> "phraseto_tsquery";
            case WEB -> "websearch_to_tsquery";
        };
    }
}
