package io.crossfade.shadow.replay;

import io.crossfade.sides.Database;
import io.crossfade.sides.Identifiers;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sets the sequences of a group's tables on one side past those on the other: upwards only, or downwards only where a
 * sequence counts down. Sequences are not part of any transaction, so replay does not move them.
 *
 * <p>Threads: any.
 */
public final class Sequences {
    /** A sequence belongs to a column that owns it or whose default asks it. */
    private static final String OF_GROUP = """
            SELECT DISTINCT ON (r.name, a.attname) r.name, a.attname::text,
              quote_ident(n.nspname) || '.' || quote_ident(s.relname),
              q.seqincrement, q.seqmin, q.seqmax, q.seqcache
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
            ORDER BY r.name, a.attname, d.classid""";

    private Sequences() {}

    /**
     * Raises the sequences of {@code to}.
     *
     * @param margin how many further values to leave out: those that sessions on the other side may have taken ahead
     * @return how many were moved
     */
    public static Future<Integer> raise(Database from, Database to, String group, long margin) {
        Future<Map<String, Sequence>> theirs = read(from, group);
        Future<Map<String, Sequence>> ours = read(to, group);
        return Future.join(theirs, ours).compose(both -> {
            List<Future<Integer>> raised = new ArrayList<>();
            ours.result().forEach((column, our) -> {
                Sequence their = theirs.result().get(column);
                if (their != null) {
                    raised.add(raise(from, their, to, our, margin));
                }
            });
            return Future.join(raised)
                    .map(done -> raised.stream().mapToInt(Future::result).sum());
        });
    }

    private static Future<Integer> raise(Database from, Sequence their, Database to, Sequence our, long margin) {
        return from.run("SELECT last_value FROM " + their.name(), Tuple.tuple(), true)
                .map(Sequences::number)
                .compose(last -> to.run(our.raiseTo(last, margin), Tuple.tuple(), true))
                .map(RowSet::size);
    }

    private static Future<Map<String, Sequence>> read(Database side, String group) {
        return side.run(OF_GROUP, Tuple.of(group), true).map(rows -> {
            Map<String, Sequence> byColumn = new HashMap<>();
            rows.forEach(row -> byColumn.put(
                    Identifiers.quote(row.getString(0), row.getString(1)),
                    new Sequence(row.getString(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6))));
            return byColumn;
        });
    }

    private static @Nullable Long number(RowSet<Row> rows) {
        return rows.iterator().next().getLong(0);
    }

    private record Sequence(String name, long increment, long least, long most, long cache) {
        /** One row where it was moved, none where it is there already. */
        String raiseTo(long last, long margin) {
            boolean up = increment > 0;
            long step = margin + cache;
            long wanted = up
                    ? Math.min(most, last > most - step ? most : last + step)
                    : Math.max(least, last < least + step ? least : last - step);
            return "SELECT pg_catalog.setval(" + Identifiers.literal(name) + ", " + wanted + ") FROM " + name
                    + " WHERE last_value " + (up ? "<" : ">") + " " + wanted;
        }
    }
}
