package io.crossfade.frontdoor.rest;

import io.crossfade.call.Field;
import io.crossfade.call.Filter;
import io.crossfade.call.Filter.Compare;
import io.crossfade.call.Filter.Condition;
import io.crossfade.call.Filter.Group;
import io.crossfade.call.Filter.In;
import io.crossfade.call.Filter.Is;
import io.crossfade.call.Filter.Logic;
import io.crossfade.call.Filter.Operator;
import io.crossfade.call.Filter.Parser;
import io.crossfade.call.Filter.Quantifier;
import io.crossfade.call.Filter.Test;
import io.crossfade.call.Filter.TextSearch;
import io.crossfade.call.Filter.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads filters and logic trees (PostgREST reference, "Horizontal Filtering"). */
final class FilterParser {
    private static final Map<String, Operator> OPERATORS = Map.ofEntries(
            Map.entry("eq", Operator.EQ),
            Map.entry("neq", Operator.NEQ),
            Map.entry("gt", Operator.GT),
            Map.entry("gte", Operator.GTE),
            Map.entry("lt", Operator.LT),
            Map.entry("lte", Operator.LTE),
            Map.entry("like", Operator.LIKE),
            Map.entry("ilike", Operator.ILIKE),
            Map.entry("match", Operator.MATCH),
            Map.entry("imatch", Operator.IMATCH),
            Map.entry("isdistinct", Operator.IS_DISTINCT),
            Map.entry("cs", Operator.CONTAINS),
            Map.entry("cd", Operator.CONTAINED_IN),
            Map.entry("ov", Operator.OVERLAPS),
            Map.entry("sl", Operator.STRICTLY_LEFT),
            Map.entry("sr", Operator.STRICTLY_RIGHT),
            Map.entry("nxr", Operator.NOT_EXTENDS_RIGHT),
            Map.entry("nxl", Operator.NOT_EXTENDS_LEFT),
            Map.entry("adj", Operator.ADJACENT));
    private static final Set<Operator> QUANTIFIABLE = Set.of(
            Operator.EQ,
            Operator.GT,
            Operator.GTE,
            Operator.LT,
            Operator.LTE,
            Operator.LIKE,
            Operator.ILIKE,
            Operator.MATCH,
            Operator.IMATCH);
    private static final Map<String, Parser> TEXT_SEARCH =
            Map.of("fts", Parser.TSQUERY, "plfts", Parser.PLAIN, "phfts", Parser.PHRASE, "wfts", Parser.WEB);
    private static final String OPERATOR_EXPECTED = "operator (eq, gt, ...)";

    private final Cursor cursor;
    private final boolean inTree;

    private FilterParser(Cursor cursor, boolean inTree) {
        this.cursor = cursor;
        this.inTree = inTree;
    }

    /** The condition {@code value} of a parameter whose name was the field. */
    static Condition condition(Field field, String value) {
        return new FilterParser(new Cursor("filter", value), false).operation(field);
    }

    /** The group that a parameter named {@code and} or {@code or} gives. */
    static Group group(boolean negated, Logic logic, String value) {
        FilterParser parser = new FilterParser(new Cursor("logic tree", value), true);
        Group group = parser.members(negated, logic);
        parser.cursor.skipBlanks();
        parser.cursor.expectEnd();
        return group;
    }

    private Group members(boolean negated, Logic logic) {
        List<Filter> members = new ArrayList<>();
        cursor.skipBlanks();
        cursor.expect("(");
        do {
            cursor.skipBlanks();
            members.add(member());
            cursor.skipBlanks();
        } while (cursor.take(","));
        cursor.expect(")");
        return new Group(negated, logic, members);
    }

    private Filter member() {
        Group group = cursor.attempt(this::openGroup);
        if (group != null) {
            return cursor.nested(() -> members(group.negated(), group.logic()));
        }
        Field field = FieldParser.field(cursor);
        cursor.expect(".");
        return operation(field);
    }

    /** What opens a group, without its members; null where it is a condition. */
    private @Nullable Group openGroup() {
        boolean negated = cursor.take("not.");
        Logic logic = cursor.take("and") ? Logic.AND : cursor.take("or") ? Logic.OR : null;
        cursor.skipBlanks();
        return logic != null && cursor.peek() == '(' ? new Group(negated, logic, List.of()) : null;
    }

    private Condition operation(Field field) {
        boolean negated = cursor.take("not.");
        Test test = test(cursor.until(".("));
        if (!inTree) {
            cursor.expectEnd();
        }
        return new Condition(negated, field, test);
    }

    private Test test(String operator) {
        if (operator.equals("in")) {
            cursor.expect(".");
            return new In(list());
        }
        if (operator.equals("is")) {
            cursor.expect(".");
            return new Is(truth());
        }
        Parser parser = TEXT_SEARCH.get(operator);
        if (parser != null) {
            String language = modifier();
            cursor.expect(".");
            return new TextSearch(parser, language, value());
        }
        Operator binary = OPERATORS.get(operator);
        if (binary == null) {
            throw cursor.error(OPERATOR_EXPECTED);
        }
        Quantifier quantifier = QUANTIFIABLE.contains(binary) ? quantifier(modifier()) : null;
        cursor.expect(".");
        return new Compare(binary, quantifier, value());
    }

    private @Nullable String modifier() {
        if (!cursor.take("(")) {
            return null;
        }
        String modifier = cursor.until(")");
        cursor.expect(")");
        return modifier;
    }

    private @Nullable Quantifier quantifier(@Nullable String modifier) {
        if (modifier == null) {
            return null;
        }
        return switch (modifier) {
            case "any" -> Quantifier.ANY;
            case "all" -> Quantifier.ALL;
            default -> throw cursor.error("any or all");
        };
    }

    private Truth truth() {
        String word = inTree ? cursor.until(",)") : cursor.rest();
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "null" -> Truth.NULL;
            case "not_null" -> Truth.NOT_NULL;
            case "true" -> Truth.TRUE;
            case "false" -> Truth.FALSE;
            case "unknown" -> Truth.UNKNOWN;
            default -> throw cursor.error("null or trilean value (unknown, true, false)");
        };
    }

    /** Outside of a tree a value is everything up to the end: no quoting, commas and parentheses belong to it. */
    private String value() {
        if (!inTree) {
            return cursor.rest();
        }
        String quoted = cursor.attempt(this::quotedElement);
        if (quoted != null) {
            return quoted;
        }
        String array = cursor.attempt(this::arrayLiteral);
        return array != null ? array : cursor.until(",)");
    }

    private @Nullable String arrayLiteral() {
        if (!cursor.take("{")) {
            return null;
        }
        String elements = cursor.until("{}");
        return cursor.take("}") ? "{" + elements + "}" : null;
    }

    private List<String> list() {
        List<String> values = new ArrayList<>();
        cursor.expect("(");
        if (cursor.take(")")) {
            return values;
        }
        do {
            String quoted = cursor.attempt(this::quotedElement);
            values.add(quoted != null ? quoted : cursor.until(",)"));
        } while (cursor.take(","));
        cursor.expect(")");
        return values;
    }

    /** A quoted string counts as one only if it is the whole element. */
    private @Nullable String quotedElement() {
        if (cursor.peek() != '"') {
            return null;
        }
        String value = cursor.quoted();
        return cursor.peek() == ',' || cursor.peek() == ')' ? value : null;
    }
}
