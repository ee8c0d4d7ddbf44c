package io.crossfade.shadow.replay;

import io.crossfade.shadow.replay.Table.Dependant;
import io.crossfade.shadow.replay.Table.Unique;
import io.crossfade.sides.Identifiers;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * What a group's tables look like on both sides, read when a leader takes office.
 *
 * @param tables parents before children, as far as foreign keys have no cycle
 * @param fromFingerprint how the authority's tables looked; compared in every batch
 * @param toFingerprint how the shadow's tables looked; compared in every batch
 */
record Shape(List<Table> tables, List<Long> fromOids, List<Long> toOids, String fromFingerprint, String toFingerprint) {
    private static final String REPOSITORIES = """
            SELECT r.id, r.name, r.table_oid::bigint, r.key_columns, n.nspname, c.relname
            FROM crossfade.repository r
            JOIN pg_class c ON c.oid = r.table_oid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE r.group_name = $1
            ORDER BY r.name""";

    /** With modifier -1, because character without one means character(1). */
    private static final String COLUMNS = """
            SELECT a.attname, format_type(a.atttypid, -1), a.atttypmod, t.typcategory::text,
              NOT a.attnotnull, a.attgenerated <> '', a.attidentity = 'a'
            FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
            WHERE a.attrelid = $1::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum""";

    /** An index on expressions or of some rows only depends on columns that indkey does not name. */
    private static final String UNIQUES = """
            SELECT i.nulls_are_equal, array_agg(DISTINCT a.attname::text)
            FROM (SELECT *, coalesce((to_jsonb(p) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_are_equal
                  FROM pg_index p) AS i
            JOIN pg_attribute a ON a.attrelid = i.indrelid
            WHERE i.indrelid = $1::bigint::oid AND i.indisunique AND i.indimmediate
              AND (a.attnum = ANY (i.indkey::smallint[]) OR EXISTS (SELECT FROM pg_depend d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                  AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid = a.attnum))
            GROUP BY i.indexrelid, i.nulls_are_equal""";

    private static final String FOREIGN_KEYS = """
            SELECT k.conrelid::bigint, k.confrelid::bigint, k.confdeltype::text,
              (SELECT array_agg(a.attname::text ORDER BY c.o) FROM unnest(k.conkey) WITH ORDINALITY c(n, o)
                JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.n),
              (SELECT array_agg(a.attname::text ORDER BY c.o) FROM unnest(k.confkey) WITH ORDINALITY c(n, o)
                JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = c.n),
              n.nspname, r.relname
            FROM pg_constraint k
            JOIN pg_class r ON r.oid = k.conrelid
            JOIN pg_namespace n ON n.oid = r.relnamespace
            WHERE k.contype = 'f' AND k.conparentid = 0 AND k.confrelid::bigint = ANY ($1)""";

    /**
     * $1 oids: one text for everything that replay relies on. The transaction that last changed a capture trigger is part
     * of it: one that was disabled and enabled again looks as before in everything else.
     */
    static final String FINGERPRINT = """
            SELECT md5(concat_ws(';',
              (SELECT string_agg(concat_ws(',', a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod,
                 a.attnotnull, a.attgenerated, a.attidentity), ';' ORDER BY a.attrelid, a.attnum)
               FROM pg_attribute a WHERE a.attrelid = ANY ($1::bigint[]::oid[]) AND a.attnum > 0 AND NOT a.attisdropped),
              (SELECT string_agg(concat_ws(',', t.tgrelid, t.tgname, t.tgenabled, t.tgfoid, t.xmin), ';'
                 ORDER BY t.tgrelid, t.tgname)
               FROM pg_trigger t
               WHERE t.tgrelid = ANY ($1::bigint[]::oid[]) AND t.tgname LIKE 'crossfade\\_capture\\_%')))""";

    static Shape read(String group, Session from, Session to) {
        Map<String, Installed> theirs = installed(group, from);
        Map<String, Installed> ours = installed(group, to);
        if (!ours.keySet().containsAll(theirs.keySet())) {
            Set<String> missing = new HashSet<>(theirs.keySet());
            missing.removeAll(ours.keySet());
            throw new IllegalStateException("the shadow has no repository " + String.join(", ", missing));
        }
        List<Long> fromOids = theirs.values().stream().map(Installed::oid).toList();
        List<Long> toOids = theirs.keySet().stream()
                .map(name -> installed(ours, name).oid())
                .toList();
        // Before the columns are read, so that a change in between is noticed.
        String fromFingerprint = fingerprint(from, fromOids);
        String toFingerprint = fingerprint(to, toOids);
        List<Key> keys = stream(to.run(FOREIGN_KEYS, Tuple.of(array(toOids))))
                .map(Key::of)
                .toList();
        Map<Long, Table> tables = new LinkedHashMap<>();
        theirs.forEach((name, their) -> {
            Installed our = installed(ours, name);
            tables.put(our.oid(), table(their, our, from, to, keys));
        });
        return new Shape(parentsFirst(tables, keys), fromOids, toOids, fromFingerprint, toFingerprint);
    }

    static String fingerprint(Session session, List<Long> oids) {
        return session.run(FINGERPRINT, Tuple.of(array(oids))).iterator().next().getString(0);
    }

    private static Map<String, Installed> installed(String group, Session session) {
        Map<String, Installed> byName = new LinkedHashMap<>();
        for (Row row : session.run(REPOSITORIES, Tuple.of(group))) {
            byName.put(
                    row.getString(1),
                    new Installed(
                            row.getInteger(0),
                            row.getString(1),
                            row.getLong(2),
                            List.of(row.getArrayOfStrings(3)),
                            Identifiers.quote(row.getString(4), row.getString(5))));
        }
        return byName;
    }

    /** Oids as a parameter. */
    static Object array(List<Long> oids) {
        return oids.toArray(Long[]::new);
    }

    private static Installed installed(Map<String, Installed> byName, String name) {
        return Objects.requireNonNull(byName.get(name), name);
    }

    private static Table table(Installed their, Installed our, Session from, Session to, List<Key> keys) {
        Map<String, Row> theirColumns = columns(from, their.oid());
        Map<String, Row> ourColumns = columns(to, our.oid());
        List<Pair> pairs = new ArrayList<>();
        List<String> names = new ArrayList<>();
        theirColumns.forEach((name, column) -> {
            Row same = ourColumns.get(name);
            if (same != null && !same.getBoolean(5)) {
                pairs.add(new Pair(name, type(column), type(same), same.getBoolean(4), same.getBoolean(6)));
                names.add(name);
            }
        });
        if (!names.containsAll(their.key())) {
            throw new IllegalStateException("the shadow's " + their.name() + " lacks a column of the key");
        }
        List<Unique> uniques = stream(to.run(UNIQUES, Tuple.of(our.oid())))
                .filter(row -> !Set.of(row.getArrayOfStrings(1)).equals(Set.copyOf(their.key())))
                .map(row -> new Unique(
                        List.of(row.getArrayOfStrings(1)).stream()
                                .filter(names::contains)
                                .map(names::indexOf)
                                .toList(),
                        row.getBoolean(0)))
                .toList();
        List<Dependant> dependants = keys.stream()
                .filter(key -> key.parent() == our.oid() && key.acts())
                .map(key -> new Dependant(key.table(), key.columns(), key.referenced(), key.child() == our.oid()))
                .toList();
        return new Table(
                their.name(),
                their.id(),
                their.table(),
                our.table(),
                their.key().stream().map(names::indexOf).toList(),
                pairs,
                uniques,
                dependants);
    }

    private static Map<String, Row> columns(Session session, long oid) {
        Map<String, Row> byName = new LinkedHashMap<>();
        session.run(COLUMNS, Tuple.of(oid)).forEach(row -> byName.put(row.getString(0), row));
        return byName;
    }

    private static Pair.Type type(Row row) {
        return new Pair.Type(row.getString(1), row.getInteger(2), row.getString(3));
    }

    private static List<Table> parentsFirst(Map<Long, Table> tables, List<Key> keys) {
        List<Table> ordered = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        tables.keySet().forEach(oid -> visit(oid, tables, keys, seen, ordered));
        return List.copyOf(ordered);
    }

    private static void visit(Long oid, Map<Long, Table> tables, List<Key> keys, Set<Long> seen, List<Table> ordered) {
        Table table = tables.get(oid);
        if (table == null || !seen.add(oid)) {
            return;
        }
        keys.stream()
                .filter(key -> key.child() == oid)
                .forEach(key -> visit(key.parent(), tables, keys, seen, ordered));
        ordered.add(table);
    }

    private static java.util.stream.Stream<Row> stream(Iterable<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }

    private record Installed(int id, String name, long oid, List<String> key, String table) {}

    private record Key(
            long child, long parent, boolean acts, List<String> columns, List<String> referenced, String table) {
        static Key of(Row row) {
            String action = row.getString(2);
            return new Key(
                    row.getLong(0),
                    row.getLong(1),
                    !action.equals("a") && !action.equals("r"),
                    List.of(row.getArrayOfStrings(3)),
                    List.of(row.getArrayOfStrings(4)),
                    Identifiers.quote(row.getString(5), row.getString(6)));
        }
    }
}
