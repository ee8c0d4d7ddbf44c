package io.crossfade.shadow.install;

import io.crossfade.sides.Identifiers;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The statements that take capture out of one database and give back what was changed of the application's own. */
final class RemovalPlan {
    private static final String REGISTERED = """
            SELECT r.name, format('%I.%I', n.nspname, c.relname) AS relation
            FROM crossfade.repository AS r
                 JOIN pg_catalog.pg_class AS c ON c.oid = r.table_oid
                 JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            ORDER BY c.oid
            """;

    /** Its own row is enough: a side that is behind keeps both, and nothing moves while a side lags. */
    private static final String STANDING = """
            SELECT DISTINCT s.group_name, s.stage
            FROM crossfade.state AS s JOIN crossfade.repository AS r USING (group_name)
            WHERE r.name = ANY ($1::text[]) AND s.stage NOT IN ('off', 'complete')
            ORDER BY 1
            """;

    private final Map<String, Integer> leaving;

    private RemovalPlan(Inventory inventory, Predicate<String> wanted) {
        this.leaving = inventory.registered().entrySet().stream()
                .filter(entry -> wanted.test(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The statements, and what they are about. */
    static Future<Plan> plan(SqlConnection connection, Inventory inventory, Predicate<String> wanted, boolean force) {
        RemovalPlan removal = new RemovalPlan(inventory, wanted);
        boolean whole = removal.leaving.size() == inventory.registered().size();
        if (!inventory.installed() || (removal.leaving.isEmpty() && !whole)) {
            return Future.succeededFuture(new Plan(List.of(), List.of(), List.of(), List.of(), List.of()));
        }
        String[] names = removal.leaving.keySet().toArray(String[]::new);
        Future<List<Refusal>> refusals = force ? Future.succeededFuture(List.of()) : standing(connection, names);
        return refusals.compose(refused -> refused.isEmpty()
                ? removal.plan(connection, names, whole)
                : Future.succeededFuture(new Plan(refused, List.of(), List.of(), List.of(), List.of())));
    }

    /** Without its state a group would be written on legacy by whichever proxy starts next, and nothing would be shadowed. */
    private static Future<List<Refusal>> standing(SqlConnection connection, String[] names) {
        return connection.preparedQuery(STANDING).execute(Tuple.of(names)).map(rows -> {
            List<Refusal> refusals = new ArrayList<>();
            rows.forEach(row -> refusals.add(new Refusal(
                    "group " + row.getString("group_name"),
                    "is in stage " + row.getString("stage") + ", and what keeps its two sides together would be gone",
                    "Move it to 'off' or to 'complete' first, or name --force.")));
            return refusals;
        });
    }

    private Future<Plan> plan(SqlConnection connection, String[] names, boolean whole) {
        return locks(connection)
                .compose(statements -> undo(connection, names, statements))
                .compose(statements -> notes(connection)
                        .map(notes -> new Plan(
                                List.of(),
                                notes,
                                leaving.keySet().stream().sorted().toList(),
                                List.of(),
                                drop(statements, names, whole))));
    }

    private Future<List<String>> locks(SqlConnection connection) {
        return connection.query(REGISTERED).execute().map(rows -> {
            List<String> relations = new ArrayList<>();
            for (Row row : rows) {
                if (leaving.containsKey(row.getString("name"))) {
                    relations.add(row.getString("relation"));
                }
            }
            List<String> statements = new ArrayList<>();
            if (!relations.isEmpty()) {
                statements.add("LOCK TABLE " + String.join(", ", relations) + " IN ACCESS EXCLUSIVE MODE");
                relations.forEach(relation -> {
                    statements.add("DROP TRIGGER IF EXISTS " + FenceSql.TRIGGER + " ON " + relation);
                    statements.add("DROP TRIGGER IF EXISTS " + FenceSql.TRUNCATE_TRIGGER + " ON " + relation);
                });
            }
            return statements;
        });
    }

    private Future<List<String>> undo(SqlConnection connection, String[] names, List<String> statements) {
        return connection
                .preparedQuery("SELECT undo FROM crossfade.undo WHERE repository = ANY ($1::text[]) ORDER BY id DESC")
                .execute(Tuple.of(names))
                .map(rows -> {
                    rows.forEach(row -> statements.add(Undo.where(row.getString(0))));
                    return statements;
                });
    }

    private Future<List<String>> notes(SqlConnection connection) {
        Integer[] ids = leaving.values().toArray(Integer[]::new);
        return connection
                .preparedQuery("SELECT count(*) FROM crossfade.journal WHERE repository = ANY ($1::integer[])")
                .execute(Tuple.of(ids))
                .compose(entries -> connection
                        .preparedQuery(
                                "SELECT count(*) FROM crossfade.reconciliation WHERE repository = ANY ($1::text[])")
                        .execute(Tuple.of(leaving.keySet().toArray(String[]::new)))
                        .map(rows -> notes(
                                entries.iterator().next().getLong(0),
                                rows.iterator().next().getLong(0))));
    }

    private static List<String> notes(long entries, long undecided) {
        List<String> notes = new ArrayList<>();
        if (entries > 0) {
            notes.add(entries + " journal entries that no proxy has replayed are thrown away");
        }
        if (undecided > 0) {
            notes.add(undecided + " rows that nobody has decided about since a forced rollback are thrown away");
        }
        return notes;
    }

    private List<String> drop(List<String> statements, String[] names, boolean whole) {
        leaving.values().stream().sorted().map(CaptureSql::uninstall).forEach(statements::addAll);
        if (whole) {
            statements.add("DROP SCHEMA crossfade CASCADE");
            return statements;
        }
        String list = List.of(names).stream().map(Identifiers::literal).collect(Collectors.joining(","));
        statements.add("DELETE FROM crossfade.journal WHERE repository IN ("
                + leaving.values().stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")");
        for (String table : List.of("dead_letter", "reconciliation", "undo", "mismatch", "compared")) {
            statements.add("DELETE FROM crossfade." + table + " WHERE repository IN (" + list + ")");
        }
        statements.add("DELETE FROM crossfade.repository WHERE name IN (" + list + ")");
        return statements;
    }
}
