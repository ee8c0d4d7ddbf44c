package io.crossfade.shadow.replay;

import io.crossfade.shadow.reconcile.Queries;
import io.crossfade.sides.Identifiers;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Moves the sequences of a group far ahead on a side that takes the writes without the other one being asked, which may have
 * given out values that nobody here knows of. Nothing of it is undone with the transaction that it is part of, which does no
 * harm.
 *
 * <p>Threads: any.
 */
public final class SequenceJump {
    private SequenceJump() {}

    /**
     * Jumps, each in its own direction.
     *
     * @param side before anybody draws from these sequences
     * @param margin in values
     * @return which sequences could not be moved as far as wanted, a sentence for each
     */
    public static Future<List<String>> ahead(Queries side, String group, long margin) {
        return side.run(Sequences.OF_GROUP, Tuple.of(group)).compose(rows -> {
            TreeMap<String, Row> bySequence = new TreeMap<>();
            rows.forEach(row -> bySequence.putIfAbsent(row.getString(1), row));
            List<String> problems = new ArrayList<>();
            Future<Void> done = Future.succeededFuture();
            for (Row row : bySequence.values()) {
                done = done.compose(before -> ahead(side, row, margin, problems));
            }
            return done.map(problems);
        });
    }

    private static Future<Void> ahead(Queries side, Row row, long margin, List<String> problems) {
        String column = row.getString(0);
        String sequence = row.getString(1);
        BigInteger step = BigInteger.valueOf(row.getLong(2));
        if (row.getBoolean(6)) {
            problems.add(column + ": its sequence begins again at its end (CYCLE), so that there is no greater value");
            return Future.succeededFuture();
        }
        return side.run("SELECT last_value FROM " + sequence, Tuple.tuple()).compose(last -> {
            BigInteger from = BigInteger.valueOf(last.iterator().next().getLong(0));
            BigInteger end = BigInteger.valueOf(step.signum() > 0 ? row.getLong(4) : row.getLong(3));
            BigInteger room = end.subtract(from).divide(step);
            BigInteger wanted = BigInteger.valueOf(margin).add(BigInteger.valueOf(row.getLong(5)));
            BigInteger steps = wanted;
            if (room.compareTo(wanted.shiftLeft(1)) < 0) {
                // A sequence at its end would refuse every insert.
                steps = room.shiftRight(1);
                problems.add(column + ": its sequence has room for " + room + " more values, and was moved ahead by "
                        + steps + " only");
            }
            long to = from.add(steps.multiply(step)).longValueExact();
            return side.run("SELECT pg_catalog.setval(" + Identifiers.literal(sequence) + ", $1::bigint)", Tuple.of(to))
                    .mapEmpty();
        });
    }
}
