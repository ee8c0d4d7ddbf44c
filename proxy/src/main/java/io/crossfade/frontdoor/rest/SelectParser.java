package io.crossfade.frontdoor.rest;

import io.crossfade.call.Query;
import io.crossfade.call.SelectItem;
import io.crossfade.call.SelectItem.Aggregate;
import io.crossfade.call.SelectItem.Column;
import io.crossfade.call.SelectItem.Embed;
import io.crossfade.call.SelectItem.RowCount;
import io.crossfade.call.SelectItem.Star;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the {@code select} parameter (PostgREST reference, "Vertical Filtering" and "Resource Embedding"). */
final class SelectParser {
    private final Cursor cursor;

    private SelectParser(String select) {
        this.cursor = new Cursor("select parameter", select);
    }

    /** The items; an empty parameter means every column. */
    static List<SelectItem> parse(String select) {
        if (select.isBlank()) {
            return List.of(Star.STAR);
        }
        SelectParser parser = new SelectParser(select);
        List<SelectItem> items = parser.items();
        parser.cursor.expectEnd();
        return items;
    }

    private List<SelectItem> items() {
        List<SelectItem> items = new ArrayList<>();
        do {
            cursor.skipBlanks();
            items.add(item());
            cursor.skipBlanks();
        } while (cursor.take(","));
        return items;
    }

    private SelectItem item() {
        if (cursor.take("*")) {
            return Star.STAR;
        }
        if (cursor.take("...")) {
            return embed(null, cursor.name(), true);
        }
        String alias = cursor.attempt(this::alias);
        if (cursor.take("count()")) {
            return new RowCount(alias, cast());
        }
        return isEmbed() ? embed(alias, cursor.name(), false) : column(alias);
    }

    /** Looks ahead without taking: a name, hints, and an opening parenthesis. */
    private boolean isEmbed() {
        return cursor.ahead(() -> {
            String unused = cursor.name();
            while (cursor.take("!")) {
                unused = cursor.name();
            }
            return cursor.peek() == '(';
        });
    }

    private @Nullable String alias() {
        String name = cursor.name();
        return cursor.peek() == ':' && cursor.peek(1) != ':' && cursor.take(":") ? name : null;
    }

    private Embed embed(@Nullable String alias, String target, boolean spread) {
        String hint = null;
        boolean inner = false;
        for (int i = 0; i < 2 && cursor.take("!"); i++) {
            String parameter = cursor.name();
            if (parameter.equals("inner")) {
                inner = true;
            } else if (!parameter.equals("left")) {
                hint = parameter;
            }
        }
        cursor.expect("(");
        cursor.skipBlanks();
        List<SelectItem> items = cursor.peek() == ')' ? List.of(Star.STAR) : cursor.nested(this::items);
        cursor.expect(")");
        return new Embed(target, alias, hint, inner, spread, new Query(items, List.of(), List.of(), null, 0));
    }

    private Column column(@Nullable String alias) {
        var field = FieldParser.field(cursor);
        String cast = cast();
        Aggregate aggregate = null;
        String aggregateCast = null;
        if (cursor.take(".")) {
            aggregate = aggregate();
            aggregateCast = cast();
        }
        cursor.skipBlanks();
        if (!cursor.atEnd() && cursor.peek() != ',' && cursor.peek() != ')') {
            throw cursor.error("\",\" or end of input");
        }
        return new Column(field, alias, cast, aggregate, aggregateCast);
    }

    private Aggregate aggregate() {
        for (Aggregate aggregate : Aggregate.values()) {
            if (cursor.take(aggregate.name().toLowerCase(Locale.ROOT) + "()")) {
                return aggregate;
            }
        }
        throw cursor.error("an aggregate: sum(), avg(), count(), max() or min()");
    }

    /** The class of characters is what keeps a cast from being anything but a type name. */
    private @Nullable String cast() {
        if (!cursor.take("::")) {
            return null;
        }
        StringBuilder cast = new StringBuilder();
        while (isCastCharacter(cursor.peek())) {
            cast.append(cursor.next());
        }
        if (cast.isEmpty()) {
            throw cursor.error("a type name");
        }
        return cast.toString();
    }

    private static boolean isCastCharacter(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == ' ' || c == '$';
    }
}
