package io.crossfade.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition on the rows of one relation. Values are the caller's text, to be bound, never to be rendered. */
public sealed interface Filter {
    /** Whether the condition is reversed; in SQL's three-valued logic, so that null stays null. */
    boolean negated();

    /** Several conditions joined by one logic operator; at least one member. */
    record Group(boolean negated, Logic logic, List<Filter> members) implements Filter {
        public Group {
            members = List.copyOf(members);
        }
    }

    /** A test of one field. */
    record Condition(boolean negated, Field field, Test test) implements Filter {}

    /** How a group joins its members. */
    enum Logic {
        AND,
        OR
    }

    /** What is tested of a field. */
    sealed interface Test {}

    /** {@code field operator value}, or with a quantifier {@code field operator ANY(array literal)}. */
    record Compare(Operator operator, @Nullable Quantifier quantifier, String value) implements Test {}

    /** Membership of a list, which may be empty. */
    record In(List<String> values) implements Test {
        public In {
            values = List.copyOf(values);
        }
    }

    /** {@code IS}. */
    record Is(Truth truth) implements Test {}

    /** {@code @@}, with the query read by one of the text search functions. */
    record TextSearch(Parser parser, @Nullable String language, String query) implements Test {}

    /** The binary operators. */
    enum Operator {
        EQ,
        NEQ,
        GT,
        GTE,
        LT,
        LTE,
        LIKE,
        ILIKE,
        MATCH,
        IMATCH,
        IS_DISTINCT,
        CONTAINS,
        CONTAINED_IN,
        OVERLAPS,
        STRICTLY_LEFT,
        STRICTLY_RIGHT,
        NOT_EXTENDS_RIGHT,
        NOT_EXTENDS_LEFT,
        ADJACENT
    }

    /** ANY or ALL of an array. */
    enum Quantifier {
        ANY,
        ALL
    }

    /** The right side of {@code IS}. */
    enum Truth {
        NULL,
        NOT_NULL,
        TRUE,
        FALSE,
        UNKNOWN
    }

    /** The functions that read a text search query. */
    enum Parser {
        TSQUERY,
        PLAIN,
        PHRASE,
        WEB
    }
}
