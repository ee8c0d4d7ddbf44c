package io.crossfade.call;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A call as text without its values, such as {@code clients findMany select=id,name phone=eq.? order=id.asc limit}, so that calls
 * of one kind can be counted together.
 *
 * <p>Nothing in it comes from a caller but names, and of those only what looks like one: a value in the place of a name is
 * left out, too. Its length is bounded. Pure; the same in every process.
 */
public final class CallShape {
    private static final int LONGEST = 400;
    private static final String HIDDEN = "?";
    private static final int LONGEST_NAME = 63;

    private static final Set<String> TYPES = Set.of(
            "bigint",
            "bool",
            "boolean",
            "bytea",
            "char",
            "date",
            "decimal",
            "float",
            "float4",
            "float8",
            "inet",
            "int",
            "int2",
            "int4",
            "int8",
            "integer",
            "interval",
            "json",
            "jsonb",
            "numeric",
            "real",
            "smallint",
            "text",
            "time",
            "timestamp",
            "timestamptz",
            "timetz",
            "uuid",
            "varchar",
            "xml",
            "double precision",
            "timestamp with time zone",
            "timestamp without time zone");

    private CallShape() {}

    /** The shape of this call. */
    public static String of(Call call) {
        List<String> parts = new ArrayList<>();
        parts.add(name(call.repository().name()));
        parts.add(call.operation().label());
        if (call instanceof Read read) {
            add(read.query(), read.answer(), parts);
        } else if (call instanceof Invocation invocation) {
            parts.add("args=" + joined(new TreeSet<>(invocation.arguments().names()), CallShape::name));
            add(invocation.query(), invocation.answer(), parts);
        } else if (call instanceof Update update) {
            parts.addAll(filters(update.filters()));
        } else if (call instanceof Delete delete) {
            parts.addAll(filters(delete.filters()));
        }
        String shape = String.join(" ", parts);
        return shape.length() <= LONGEST
                ? shape
                : shape.substring(0, LONGEST - 9) + "~" + String.format("%08x", shape.hashCode());
    }

    private static void add(Query query, Answer answer, List<String> parts) {
        if (answer.body()) {
            parts.add("select=" + select(query));
        }
        parts.addAll(filters(query.filters()));
        if (!query.order().isEmpty()) {
            parts.add("order=" + joined(query.order(), CallShape::term));
        }
        if (query.limit() != null) {
            parts.add("limit");
        }
        if (query.offset() > 0) {
            parts.add("offset");
        }
        if (answer.count() != Answer.Count.NONE) {
            parts.add("count=" + lower(answer.count()));
        }
        if (answer.shape() == Answer.Shape.OBJECT) {
            parts.add("single");
        }
    }

    private static String select(Query query) {
        return joined(query.select(), CallShape::item);
    }

    private static String item(SelectItem item) {
        if (item instanceof SelectItem.Column column) {
            return field(column.field())
                    + (column.cast() == null ? "" : "::" + type(column.cast()))
                    + (column.aggregate() == null ? "" : "." + lower(column.aggregate()) + "()");
        }
        if (item instanceof SelectItem.Embed embed) {
            return (embed.spread() ? "..." : "") + name(embed.target()) + (embed.inner() ? "!inner" : "") + "("
                    + String.join(" ", embedded(embed.query())) + ")";
        }
        return item instanceof SelectItem.RowCount ? "count()" : "*";
    }

    private static List<String> embedded(Query query) {
        List<String> parts = new ArrayList<>(List.of(select(query)));
        parts.addAll(filters(query.filters()));
        if (!query.order().isEmpty()) {
            parts.add("order=" + joined(query.order(), CallShape::term));
        }
        return parts;
    }

    /** Sorted, and each once: a list of alternatives of any length is one shape. */
    private static Collection<String> filters(List<Filter> filters) {
        Set<String> shapes = new TreeSet<>();
        filters.forEach(filter -> shapes.add(filter(filter, "=")));
        return shapes;
    }

    private static <T> String joined(Collection<T> items, Function<T, String> shape) {
        StringJoiner joined = new StringJoiner(",");
        items.forEach(item -> joined.add(shape.apply(item)));
        return joined.toString();
    }

    private static String filter(Filter filter, String before) {
        String not = filter.negated() ? "not." : "";
        if (filter instanceof Filter.Group group) {
            LinkedHashSet<String> members = new LinkedHashSet<>();
            group.members().forEach(member -> members.add(filter(member, ".")));
            return not + lower(group.logic()) + "(" + String.join(",", members) + ")";
        }
        Filter.Condition condition = (Filter.Condition) filter;
        return field(condition.field()) + before + not + test(condition.test());
    }

    private static String test(Filter.Test test) {
        if (test instanceof Filter.Is is) {
            return "is." + lower(is.truth());
        }
        if (test instanceof Filter.Compare compare) {
            return lower(compare.operator())
                    + (compare.quantifier() == null ? "" : "(" + lower(compare.quantifier()) + ")")
                    + "."
                    + HIDDEN;
        }
        if (test instanceof Filter.TextSearch search) {
            return "fts(" + lower(search.parser()) + ")." + HIDDEN;
        }
        return "in." + HIDDEN;
    }

    private static String term(OrderTerm term) {
        return (term.embed() == null ? "" : name(term.embed()) + "/")
                + field(term.field())
                + (term.direction() == null ? "" : "." + lower(term.direction()))
                + (term.nulls() == null ? "" : ".nulls" + lower(term.nulls()));
    }

    /** The keys of a json path may be values, such as a phone. */
    private static String field(Field field) {
        StringBuilder shape = new StringBuilder(name(field.column()));
        field.path().forEach(step -> shape.append(step.asText() ? "->>" : "->").append(HIDDEN));
        return shape.toString();
    }

    private static String name(String name) {
        int dot = name.indexOf('.');
        boolean isName =
                dot < 0 ? isWord(name, 0, name.length()) : isWord(name, 0, dot) && isWord(name, dot + 1, name.length());
        return isName ? name : HIDDEN;
    }

    private static boolean isWord(String text, int from, int end) {
        if (from >= end || end - from > LONGEST_NAME || isDigit(text.charAt(from))) {
            return false;
        }
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || isDigit(c))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Another type than these may be no type at all. */
    private static String type(String cast) {
        return TYPES.contains(cast) ? cast : HIDDEN;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
