package io.crossfade.shadow.install;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which database a side is, and how far its write-ahead log has come: what shows that it was restored, or that another
 * server took its place.
 *
 * @param parts cluster, timeline, database; null for what the role may not see
 * @param position how many bytes of its log are safe, or null where a standby answers
 */
public record Identity(
        List<@Nullable String> parts, @Nullable Long position) {
    /** Two columns: a text[] and a bigint. */
    public static final String SQL = """
            crossfade.identity(),
            CASE WHEN NOT pg_catalog.pg_is_in_recovery()
                 THEN pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_flush_lsn(), '0/0')::bigint END""";

    private static final List<String> CHANGES = List.of(
            "is in another cluster than before: it was restored elsewhere, or another server took its place",
            "was failed over or restored to a point in time",
            "was created anew or restored under its name");

    public Identity {
        parts = Collections.unmodifiableList(new ArrayList<>(parts));
    }

    /** Reads it from the two columns that begin here; null where there is none. */
    public static @Nullable Identity of(Row row, int at) {
        @Nullable String[] parts = row.getArrayOfStrings(at);
        return parts == null ? null : new Identity(Arrays.asList(parts), row.getLong(at + 1));
    }

    /** What happened to the database since it was as known before, as the end of a sentence; null where nothing did. */
    public @Nullable String differs(Identity known) {
        for (int i = 0; i < CHANGES.size(); i++) {
            String before = known.parts.get(i);
            String now = parts.get(i);
            if (before != null && now != null && !before.equals(now)) {
                return CHANGES.get(i);
            }
        }
        return position != null && known.position != null && position < known.position
                ? "went back to an older state"
                : null;
    }

    /** Writes it down on the other side. */
    public Future<Void> keep(Runner otherSide) {
        return otherSide
                .run("""
                        INSERT INTO crossfade.witness (identity, position) VALUES ($1::text[], $2)
                        ON CONFLICT (only_one) DO UPDATE SET identity = excluded.identity, position = excluded.position
                        """, Tuple.of(parts.toArray(String[]::new), position))
                .mapEmpty();
    }
}
