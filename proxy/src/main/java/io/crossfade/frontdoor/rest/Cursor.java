package io.crossfade.frontdoor.rest;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one parameter from left to right, and knows the lexical rules that all of them share: names, quoting, and how an
 * error is reported (PostgREST reference, "Tables and Views").
 */
final class Cursor {
    private static final int DEEPEST = 100;

    private final String what;
    private final String text;
    private int position;
    private int depth;

    /** @param what the kind of parameter, for the error message, such as {@code filter} */
    Cursor(String what, String text) {
        this.what = what;
        this.text = text;
    }

    boolean atEnd() {
        return position == text.length();
    }

    /** The next character, or NUL at the end. */
    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        int at = position + ahead;
        return at < text.length() ? text.charAt(at) : '\0';
    }

    boolean lookingAt(String expected) {
        return text.startsWith(expected, position);
    }

    /** Takes the text if it comes next. */
    boolean take(String expected) {
        if (!lookingAt(expected)) {
            return false;
        }
        position += expected.length();
        return true;
    }

    void expect(String expected) {
        if (!take(expected)) {
            throw error('"' + expected + '"');
        }
    }

    char next() {
        if (atEnd()) {
            throw error("more input");
        }
        return text.charAt(position++);
    }

    void expectEnd() {
        if (!atEnd()) {
            throw error("end of input");
        }
    }

    String rest() {
        String rest = text.substring(position);
        position = text.length();
        return rest;
    }

    void skipBlanks() {
        while (peek() == ' ' || peek() == '\t') {
            position++;
        }
    }

    /** Tries an alternative: where it gives null, or fails, nothing has been taken. */
    <T> @Nullable T attempt(Supplier<@Nullable T> alternative) {
        int start = position;
        T result;
        try {
            result = alternative.get();
        } catch (CallFailure notThis) {
            result = null;
        }
        if (result == null) {
            position = start;
        }
        return result;
    }

    /** Reads something that is nested in what is being read; no deeper than the stack can bear. */
    <T> T nested(Supplier<T> inner) {
        if (depth == DEEPEST) {
            throw error("at most " + DEEPEST + " levels of parentheses");
        }
        depth++;
        try {
            return inner.get();
        } finally {
            depth--;
        }
    }

    /** Whether what follows is so; nothing is taken. */
    boolean ahead(BooleanSupplier test) {
        int start = position;
        try {
            return test.getAsBoolean();
        } catch (CallFailure no) {
            return false;
        } finally {
            position = start;
        }
    }

    /** A quoted or an unquoted name. */
    String name() {
        if (peek() == '"') {
            return quoted();
        }
        int start = position;
        while (isNameCharacter(peek()) || (peek() == '-' && peek(1) != '>' && position > start && !isDash(peek(-1)))) {
            position++;
        }
        if (position > start && isDash(peek(-1))) {
            position--;
        }
        String name = text.substring(start, position).strip();
        if (name.isEmpty()) {
            position = start;
            throw error("field name (* or [a..z0..9_$])");
        }
        return name;
    }

    /** A string in double quotes, in which {@code \x} means x. */
    String quoted() {
        expect("\"");
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return value.toString();
            }
            value.append(c == '\\' ? next() : c);
        }
    }

    /** Everything up to one of the characters, which is not taken; may be empty. */
    String until(String stops) {
        int start = position;
        while (!atEnd() && stops.indexOf(peek()) < 0) {
            position++;
        }
        return text.substring(start, position);
    }

    /** Digits, with a sign if there is one, or null. */
    @Nullable
    String integer() {
        int start = position;
        if (peek() == '-' || peek() == '+') {
            position++;
        }
        int digits = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        if (position == digits) {
            position = start;
            return null;
        }
        return text.substring(start, position);
    }

    CallFailure error(String expected) {
        String unexpected = atEnd() ? "end of input" : "\"" + peek() + "\"";
        return new CallFailure(
                Code.PGRST100,
                "\"failed to parse " + what + " (" + text + ")\" (line 1, column " + (position + 1) + ")",
                "unexpected " + unexpected + " expecting " + expected,
                null);
    }

    private static boolean isNameCharacter(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || c == '_' || c == ' ' || c == '$';
    }

    private static boolean isDash(char c) {
        return c == '-';
    }
}
