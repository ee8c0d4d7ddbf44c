package io.crossfade.shadow.replay;

import io.crossfade.sides.Identifiers;
import java.math.BigInteger;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A sequence as one side has it.
 *
 * @param name quoted
 * @param last the last value that any session has taken, those that it took ahead included; null before the first
 */
record Sequence(
        String name,
        long increment,
        long least,
        long most,
        long cache,
        boolean cycle,
        @Nullable Long last) {
    /**
     * The value to stand at after the other side's {@code value}: some steps further, or as many as there is room for. Whole
     * steps, because two databases may share the numbers between them by an increment of two.
     *
     * @return empty where this sequence does not reach that far
     */
    OptionalLong past(long value, long margin) {
        if (value < least || value > most) {
            return OptionalLong.empty();
        }
        BigInteger step = BigInteger.valueOf(increment);
        BigInteger from = BigInteger.valueOf(value);
        BigInteger room =
                BigInteger.valueOf(increment > 0 ? most : least).subtract(from).divide(step);
        BigInteger steps =
                BigInteger.valueOf(margin).add(BigInteger.valueOf(cache)).min(room);
        return OptionalLong.of(from.add(steps.multiply(step)).longValueExact());
    }

    /**
     * Moves it in one statement that holds the group's own row of this side: whoever makes this side the authority waits
     * for it, or it finds that and moves nothing.
     *
     * <p>$1 the value to stand at, $2 the group, $3 this side. Gives one row where it was moved, none where it is there
     * already, or where values may be drawn from it.
     */
    String move() {
        return "WITH own AS (SELECT authority, moving_to FROM crossfade.state WHERE group_name = $2 FOR SHARE)"
                + " SELECT pg_catalog.setval(" + Identifiers.literal(name) + ", $1::bigint) FROM " + name
                + " WHERE NOT EXISTS (SELECT FROM own WHERE authority = $3 AND moving_to IS NULL)"
                + " AND (last_value " + (increment > 0 ? "<" : ">") + " $1::bigint"
                + " OR (last_value = $1::bigint AND NOT is_called))";
    }
}
