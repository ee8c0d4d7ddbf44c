package io.crossfade.shadow.reconcile;

import io.crossfade.shadow.reconcile.StoredTable.Column;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the authority that the entries of a list are about, and what can be done with them there. Each decision is one
 * statement: it is made of what the row is when it is written, and not of what was read before.
 *
 * <p>What is written is a write like the application's own: its triggers, its constraints and capture apply.
 *
 * <p>Threads: any.
 */
public final class AuthorityRows {
    /** Whether {@code t} was not written since this side took the writes by force. Where it never did, nobody can tell. */
    private static final String UNTOUCHED = """
            coalesce(age(t.xmin) > age(((SELECT s.forced_xid FROM crossfade.state AS s
              JOIN crossfade.repository AS r USING (group_name) WHERE r.name = $2) & 4294967295)::text::xid), false)""";

    /** The transaction has its number before its entries have theirs: replay counts on that to skip what is done. */
    private static final String JOURNAL = """
            INSERT INTO crossfade.journal (repository, kind, keys, bypass)
            SELECT r.id, $2, $3::text[], false FROM (SELECT txid_current()) AS begun, crossfade.repository AS r
            WHERE r.name = $1""";

    private final Queries side;

    public AuthorityRows(Queries side) {
        this.side = side;
    }

    /** What came of an attempt to apply an entry. */
    public enum Applied {
        /** The row is as the entry says. */
        DONE,
        /** It was written here since this side took the writes, and stays. */
        CHANGED_SINCE,
        /** There is no image of a whole table. */
        TABLE
    }

    /** The row as it stands here; without columns where it is not there. */
    public Future<Present> find(UnreplayedRow entry) {
        return table(entry)
                .compose(table -> side.run(
                                "SELECT " + table.image() + ", " + UNTOUCHED + " FROM " + table.relation()
                                        + " AS t WHERE " + table.hasKey("$1::text[]"),
                                Tuple.of((Object) entry.key().toArray(String[]::new), entry.repository()))
                        .map(rows -> present(
                                table, rows.size() == 0 ? null : rows.iterator().next())));
    }

    private static Present present(StoredTable table, @Nullable Row row) {
        Map<String, @Nullable String> image = row == null ? null : new LinkedHashMap<>();
        for (int i = 0; image != null && row != null && i < table.columns().size(); i++) {
            image.put(table.columns().get(i).name(), row.getArrayOfStrings(0)[i]);
        }
        Map<String, String> types = new LinkedHashMap<>();
        table.columns().forEach(column -> types.put(column.name(), column.type()));
        return new Present(image, row != null && !row.getBoolean(1), types);
    }

    /**
     * Makes the row what the entry says. One that is so already is journalled, so that the other side gets it all the same.
     *
     * @param overwrite also where the row was written here since this side took the writes
     */
    public Future<Applied> apply(UnreplayedRow entry, boolean overwrite) {
        if (entry.table()) {
            return Future.succeededFuture(Applied.TABLE);
        }
        return table(entry).compose(table -> {
            Map<String, @Nullable String> image = entry.image();
            Future<Boolean> done =
                    image == null ? delete(table, entry, overwrite) : upsert(table, entry, image, overwrite);
            return done.compose(well -> well
                    ? journal(entry.repository(), List.of(entry)).map(Applied.DONE)
                    : Future.succeededFuture(Applied.CHANGED_SINCE));
        });
    }

    /** Has the rows that stand here brought to the other side, whatever it has. */
    public Future<Void> discard(String repository, List<UnreplayedRow> entries) {
        boolean whole = entries.stream().anyMatch(UnreplayedRow::table);
        return whole
                ? side.run(JOURNAL, Tuple.of(repository, "resync", new String[0]))
                        .mapEmpty()
                : journal(repository, entries);
    }

    private Future<Void> journal(String repository, List<UnreplayedRow> entries) {
        // The text of an array of texts is made by the database, which knows how to quote.
        Future<String[]> keys = Future.succeededFuture(new String[entries.size()]);
        for (int i = 0; i < entries.size(); i++) {
            int place = i;
            Object key = entries.get(i).key().toArray(String[]::new);
            keys = keys.compose(texts -> side.run("SELECT $1::text[]::text", Tuple.of(key))
                    .map(rows -> {
                        texts[place] = rows.iterator().next().getString(0);
                        return texts;
                    }));
        }
        return keys.compose(texts -> side.run(JOURNAL, Tuple.of(repository, "keys", texts)))
                .mapEmpty();
    }

    private Future<Boolean> delete(StoredTable table, UnreplayedRow entry, boolean overwrite) {
        String sql = "WITH gone AS (DELETE FROM " + table.relation() + " AS t WHERE " + table.hasKey("$1::text[]")
                + " AND ($3::boolean OR " + UNTOUCHED + ") RETURNING 1) SELECT EXISTS (SELECT FROM gone)"
                + " OR NOT EXISTS (SELECT FROM " + table.relation() + " AS t WHERE " + table.hasKey("$1::text[]") + ")";
        return side.run(sql, Tuple.of(entry.key().toArray(String[]::new), (Object) entry.repository(), overwrite))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** Columns that this side does not have, or computes, are left out, as replay leaves them out. */
    private Future<Boolean> upsert(
            StoredTable table, UnreplayedRow entry, Map<String, @Nullable String> image, boolean overwrite) {
        List<Column> columns = table.columns().stream()
                .filter(column -> image.containsKey(column.name()))
                .toList();
        List<@Nullable String> values = new ArrayList<>();
        columns.forEach(column -> values.add(image.get(column.name())));
        List<String> incoming = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            incoming.add("($4::text[])[" + (i + 1) + "]::" + columns.get(i).type());
        }
        List<String> sets = new ArrayList<>();
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (!column.identityAlways() && !table.key().contains(column.name())) {
                sets.add(column.quoted() + " = " + incoming.get(i));
            }
            equal.add("t." + column.quoted() + "::text IS NOT DISTINCT FROM (" + incoming.get(i) + ")::text");
        }
        String names = columns.stream().map(Column::quoted).collect(Collectors.joining(", "));
        String same = String.join(" AND ", equal);
        // Said of the row itself, so that a row which somebody changes meanwhile is looked at again.
        String written = sets.isEmpty()
                ? "SELECT 1 WHERE false"
                : "UPDATE " + table.relation() + " AS t SET " + String.join(", ", sets) + " WHERE "
                        + table.hasKey("$1::text[]") + " AND NOT (" + same + ") AND ($3::boolean OR " + UNTOUCHED
                        + ") RETURNING 1";
        String sql = "WITH here AS (SELECT " + same + " AS same FROM " + table.relation() + " AS t WHERE "
                + table.hasKey("$1::text[]")
                + "), changed AS (" + written + "), added AS (INSERT INTO " + table.relation() + " (" + names
                + ") OVERRIDING SYSTEM VALUE SELECT " + String.join(", ", incoming)
                + " WHERE NOT EXISTS (SELECT FROM here) RETURNING 1)"
                + " SELECT EXISTS (SELECT FROM here WHERE same) OR EXISTS (SELECT FROM changed)"
                + " OR EXISTS (SELECT FROM added)";
        return side.run(
                        sql,
                        Tuple.of(
                                entry.key().toArray(String[]::new),
                                (Object) entry.repository(),
                                overwrite,
                                values.toArray(String[]::new)))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    private Future<StoredTable> table(UnreplayedRow entry) {
        return StoredTable.of(side, entry.repository())
                .compose(table -> table.<Future<StoredTable>>map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(
                                "the authority has no repository " + entry.repository() + " any more")));
    }

    /**
     * A row of the authority.
     *
     * @param image column by column, each value as text; null where the row is not there
     * @param changedSince whether it was written here since this side took the writes, or nobody can tell
     * @param types of the columns
     */
    public record Present(
            @Nullable Map<String, @Nullable String> image, boolean changedSince, Map<String, String> types) {}
}
