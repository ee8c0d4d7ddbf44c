package io.crossfade.frontdoor.rest;

import io.crossfade.call.Field;
import io.crossfade.call.OrderTerm;
import io.crossfade.call.OrderTerm.Direction;
import io.crossfade.call.OrderTerm.Nulls;
import java.util.ArrayList;
import java.util.List;

/** Reads the {@code order} parameter (PostgREST reference, "Ordering"). */
final class OrderParser {
    private OrderParser() {}

    static List<OrderTerm> parse(String order) {
        Cursor cursor = new Cursor("order", order);
        List<OrderTerm> terms = new ArrayList<>();
        do {
            cursor.skipBlanks();
            terms.add(term(cursor));
            cursor.skipBlanks();
        } while (cursor.take(","));
        cursor.expectEnd();
        return terms;
    }

    private static OrderTerm term(Cursor cursor) {
        Field field = FieldParser.field(cursor);
        String embed = null;
        if (field.path().isEmpty() && cursor.take("(")) {
            embed = field.column();
            field = FieldParser.field(cursor);
            cursor.expect(")");
        }
        Direction direction = null;
        if (cursor.take(".asc")) {
            direction = Direction.ASC;
        } else if (cursor.take(".desc")) {
            direction = Direction.DESC;
        }
        Nulls nulls = null;
        if (cursor.take(".nullsfirst")) {
            nulls = Nulls.FIRST;
        } else if (cursor.take(".nullslast")) {
            nulls = Nulls.LAST;
        }
        return new OrderTerm(embed, field, direction, nulls);
    }
}
