package io.crossfade.shadow.replay;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an entry that is too large for one batch out as several that are not, in one transaction of the authority: one
 * of very many keys, a truncation of a large table, a resync.
 */
final class Expansion {
    private static final int MOST_KEYS_OF_ONE_ENTRY = 1_000;

    /** Before any number is drawn: the floor of the journal relies on it (see {@link JournalLook}). */
    private static final String BEGIN = "BEGIN; SELECT txid_current()";

    private static final String SPLIT = """
            WITH big AS (DELETE FROM crossfade.journal WHERE id = $1 RETURNING repository, keys, bypass)
            INSERT INTO crossfade.journal (repository, kind, keys, bypass)
            SELECT b.repository, 'keys', b.keys[g : g + $2::integer - 1], b.bypass
            FROM big b, generate_series(1, cardinality(b.keys), $2::integer) AS g""";

    private static final String ADD =
            "INSERT INTO crossfade.journal (repository, kind, keys, bypass) VALUES ($1, 'keys', $2::text[], false)";

    private final Session authority;
    private final Session shadow;

    Expansion(Session authority, Session shadow) {
        this.authority = authority;
        this.shadow = shadow;
    }

    void expand(Table table, long entry, String kind, int sliceKeys) {
        int keysOfOneEntry = Math.min(sliceKeys, MOST_KEYS_OF_ONE_ENTRY);
        authority.run(BEGIN);
        if (kind.equals("keys")) {
            authority.run(SPLIT, Tuple.of(entry, keysOfOneEntry));
            authority.run("COMMIT");
            return;
        }
        int removed = authority
                .run("DELETE FROM crossfade.journal WHERE id = $1", Tuple.of(entry))
                .rowCount();
        if (removed == 1) {
            addKeysOfShadow(table, keysOfOneEntry);
            if (kind.equals("resync")) {
                addKeysOfAuthority(table, keysOfOneEntry);
            }
        }
        authority.run("COMMIT");
    }

    private void addKeysOfAuthority(Table table, int keysOfOneEntry) {
        authority.run(
                "INSERT INTO crossfade.journal (repository, kind, keys, bypass)"
                        + " SELECT $1, 'keys', array_agg(n.key), false"
                        + " FROM (SELECT k.key, (row_number() OVER () - 1) / $2::integer AS entry FROM ("
                        + TableSql.keysOfAuthority(table) + ") AS k) AS n GROUP BY n.entry",
                Tuple.of(table.journalId(), keysOfOneEntry));
    }

    private void addKeysOfShadow(Table table, int keysOfOneEntry) {
        shadow.run("BEGIN READ ONLY; DECLARE crossfade_keys NO SCROLL CURSOR FOR " + TableSql.keysOfShadow(table));
        RowSet<Row> some = fetch(keysOfOneEntry);
        while (some.size() > 0) {
            List<String> keys = new ArrayList<>();
            some.forEach(row -> keys.add(row.getString(0)));
            authority.run(ADD, Tuple.of(table.journalId(), (Object) keys.toArray(String[]::new)));
            some = fetch(keysOfOneEntry);
        }
        shadow.run("COMMIT");
    }

    private RowSet<Row> fetch(int keys) {
        return shadow.run("FETCH " + keys + " FROM crossfade_keys");
    }
}
