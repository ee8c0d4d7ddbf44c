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
            shadow.run("BEGIN READ ONLY");
            addKeys(table, shadow, TableSql.keysOfShadow(table), keysOfOneEntry);
            shadow.run("COMMIT");
            if (kind.equals("resync")) {
                addKeys(table, authority, TableSql.keysOfAuthority(table), keysOfOneEntry);
            }
        }
        authority.run("COMMIT");
    }

    /** By a cursor: however large the table is, no statement takes longer than the replay has patience. */
    private void addKeys(Table table, Session side, String keysOfSide, int keysOfOneEntry) {
        side.run("DECLARE crossfade_keys NO SCROLL CURSOR FOR " + keysOfSide);
        RowSet<Row> some = fetch(side, keysOfOneEntry);
        while (some.size() > 0) {
            List<String> keys = new ArrayList<>();
            some.forEach(row -> keys.add(row.getString(0)));
            authority.run(ADD, Tuple.of(table.journalId(), (Object) keys.toArray(String[]::new)));
            some = fetch(side, keysOfOneEntry);
        }
        side.run("CLOSE crossfade_keys");
    }

    private static RowSet<Row> fetch(Session side, int keys) {
        return side.run("FETCH " + keys + " FROM crossfade_keys");
    }
}
