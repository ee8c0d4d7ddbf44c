package io.crossfade.shadow.replay;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Sets the sequences of a group's tables on one side past those on the other: upwards only, or downwards only where a
 * sequence counts down. Sequences are not part of any transaction, so replay does not move them.
 *
 * <p>Nobody may draw from the sequences of {@code to} meanwhile, or what was drawn between the look and the move could be
 * drawn again. So the move does nothing where that side's own state says that it takes the writes, and a decision that
 * makes it do so waits for a move under way: a proxy that slept between the two cannot set a sequence back.
 *
 * <p>Threads: any.
 */
public final class Sequences {
    /** A sequence belongs to a column that owns it or whose default asks it. Its last value is null before its first use. */
    static final String OF_GROUP = """
            SELECT DISTINCT ON (r.name, a.attname) r.name || '.' || a.attname,
              quote_ident(n.nspname) || '.' || quote_ident(s.relname),
              q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle, pg_sequence_last_value(s.oid)
            FROM crossfade.repository r
            JOIN pg_attribute a ON a.attrelid = r.table_oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
            JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND (
                (d.classid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
                  AND d.deptype IN ('a', 'i'))
                OR (d.classid = 'pg_attrdef'::regclass AND d.objid = e.oid))
            JOIN pg_class s ON s.relkind = 'S'
              AND s.oid = CASE WHEN d.classid = 'pg_class'::regclass THEN d.objid ELSE d.refobjid END
            JOIN pg_namespace n ON n.oid = s.relnamespace
            JOIN pg_sequence q ON q.seqrelid = s.oid
            WHERE r.group_name = $1
            -- What the default asks, rather than what the column merely owns.
            ORDER BY r.name, a.attname, d.classid = 'pg_attrdef'::regclass DESC, s.oid""";

    private Sequences() {}

    /**
     * Raises the sequences of {@code to}.
     *
     * @param margin how many further values to leave out: those that sessions on the other side may have taken ahead
     * @return how many were moved
     */
    public static Future<Integer> raise(Database from, Database to, String group, long margin) {
        return follow(from, to, group, margin).map(Followed::moved);
    }

    /** The same, and says which sequences were left alone. One that cannot be moved does not keep the others from it. */
    public static Future<Followed> follow(Database from, Database to, String group, long margin) {
        Future<Map<String, Sequence>> theirs = read(from, group);
        Future<Map<String, Sequence>> ours = read(to, group);
        return Future.join(theirs, ours).compose(both -> {
            List<String> problems = new ArrayList<>();
            List<Move> moves = moves(from, theirs.result(), to, ours.result(), margin, problems);
            Future<Integer> moved = Future.succeededFuture(0);
            // One after the other: a sequence may serve several columns.
            for (Move move : moves) {
                moved = moved.compose(before -> to.run(
                                move.sql(),
                                Tuple.of(move.wanted(), group, to.side().label()),
                                true)
                        .map(rows -> before + rows.size())
                        .recover(error -> {
                            problems.add(move.column() + ": its sequence on "
                                    + to.side().label() + " cannot be set (" + reason(error) + ")");
                            return Future.succeededFuture(before);
                        }));
            }
            return moved.map(count -> new Followed(count, problems));
        });
    }

    /** Which sequences could not be raised, and why; moves none. */
    public static Future<List<String>> problems(Database from, Database to, String group) {
        Future<Map<String, Sequence>> theirs = read(from, group);
        Future<Map<String, Sequence>> ours = read(to, group);
        return Future.join(theirs, ours).map(both -> {
            List<String> problems = new ArrayList<>();
            List<Move> unused = moves(from, theirs.result(), to, ours.result(), 0, problems);
            return problems;
        });
    }

    private static List<Move> moves(
            Database from,
            Map<String, Sequence> theirs,
            Database to,
            Map<String, Sequence> ours,
            long margin,
            List<String> problems) {
        List<Move> moves = new ArrayList<>();
        TreeSet<String> columns = new TreeSet<>(theirs.keySet());
        columns.addAll(ours.keySet());
        for (String column : columns) {
            Sequence their = theirs.get(column);
            Sequence our = ours.get(column);
            if (their == null || our == null) {
                Database with = their == null ? to : from;
                Database without = their == null ? from : to;
                problems.add(column + ": takes its values from a sequence on "
                        + with.side().label() + ", and from none on "
                        + without.side().label());
            } else if (their.cycle() || our.cycle()) {
                problems.add(
                        column + ": its sequence begins again at its end (CYCLE), so that there is no greater value");
            } else if (their.increment() > 0 != our.increment() > 0) {
                problems.add(column + ": its sequence counts up on one side and down on the other");
            } else if (their.last() != null) {
                our.past(their.last(), margin)
                        .ifPresentOrElse(
                                wanted -> moves.add(new Move(column, our.move(), wanted)),
                                () -> problems.add(column + ": its sequence on "
                                        + to.side().label() + " ends before the value that it has on "
                                        + from.side().label()));
            }
        }
        return moves;
    }

    private static Future<Map<String, Sequence>> read(Database side, String group) {
        return side.run(OF_GROUP, Tuple.of(group), true).map(rows -> {
            Map<String, Sequence> byColumn = new TreeMap<>();
            rows.forEach(row -> byColumn.put(
                    row.getString(0),
                    new Sequence(
                            row.getString(1),
                            row.getLong(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getBoolean(6),
                            row.getLong(7))));
            return byColumn;
        });
    }

    /** A database's own words are left out: they are the same for every column, and may quote what they like. */
    private static String reason(Throwable error) {
        return error instanceof DatabaseFailure said ? "SQLSTATE " + said.code() : String.valueOf(error.getMessage());
    }

    /**
     * What a look came to.
     *
     * @param moved how many sequences were moved
     * @param problems which were left alone and why, a sentence for each
     */
    public record Followed(int moved, List<String> problems) {
        public Followed {
            problems = List.copyOf(problems);
        }
    }

    private record Move(String column, String sql, long wanted) {}
}
