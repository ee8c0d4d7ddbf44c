package io.crossfade.shadow.reconcile;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * Puts what the journal of a side still holds on its list, with each row as it stands there, and empties the journal. To be
 * done in the transaction that fences the side, when nobody can write there any more: what is not on the list then is on the
 * other side.
 *
 * <p>The rows stay inside the database, however many there are. Threads: any.
 */
public final class Unreplayed {
    /** Each value has one text then, whatever the server is set to, and no policy makes a row look deleted. */
    private static final List<String> SAME_TEXTS = List.of(
            "SET LOCAL DateStyle = 'ISO'",
            "SET LOCAL IntervalStyle = 'postgres'",
            "SET LOCAL TimeZone = 'UTC'",
            "SET LOCAL extra_float_digits = 1",
            "SET LOCAL bytea_output = 'hex'",
            "SET LOCAL row_security = off");

    /** In one statement, so that an entry which comes in between is neither dropped nor forgotten. */
    private static final String TAKE = """
            WITH taken AS (
              DELETE FROM crossfade.journal AS j USING crossfade.repository AS r
              WHERE r.id = j.repository AND r.group_name = $1 RETURNING r.name, j.kind, j.keys),
            every AS (
              SELECT DISTINCT name, 'row' AS kind, u.key FROM taken CROSS JOIN LATERAL unnest(keys) AS u(key)
              WHERE kind = 'keys'
              UNION SELECT name, 'row', key FROM unnest($3::text[], $4::text[]) AS letter(name, key)
              UNION SELECT DISTINCT name, 'table', NULL FROM taken WHERE kind <> 'keys')
            INSERT INTO crossfade.reconciliation (repository, kind, key, epoch)
            SELECT name, kind, key::text[], $2 FROM every ORDER BY name, kind, key""";

    private Unreplayed() {}

    /**
     * Lists what a group had written here and what the other side lacks.
     *
     * @param side in the transaction that fences it
     * @param epoch of the state by which it lost the writes
     * @param refused what the other side would not take of it, which is in no journal any more
     */
    public static Future<Void> list(Queries side, String group, long epoch, RefusedRows refused) {
        Future<?> set = Future.succeededFuture();
        for (String setting : SAME_TEXTS) {
            set = set.compose(before -> side.run(setting, Tuple.tuple()));
        }
        Tuple taken = Tuple.tuple()
                .addString(group)
                .addLong(epoch)
                .addArrayOfString(refused.repositories().toArray(String[]::new))
                .addArrayOfString(refused.keys().toArray(String[]::new));
        return set.compose(same -> StoredTable.ofGroup(side, group))
                .compose(tables -> side.run(TAKE, taken).compose(done -> images(side, tables, epoch)));
    }

    private static Future<Void> images(Queries side, List<StoredTable> tables, long epoch) {
        Future<Void> done = Future.succeededFuture();
        for (StoredTable table : tables) {
            String sql = "UPDATE crossfade.reconciliation AS c SET columns = $3::text[], image = " + table.image()
                    + " FROM " + table.relation()
                    + " AS t WHERE c.repository = $1 AND c.epoch = $2 AND c.kind = 'row' AND " + table.hasKey("c.key");
            Tuple values = Tuple.tuple()
                    .addString(table.repository())
                    .addLong(epoch)
                    .addArrayOfString(table.names().toArray(String[]::new));
            done = done.compose(before -> side.run(sql, values)).mapEmpty();
        }
        return done;
    }
}
