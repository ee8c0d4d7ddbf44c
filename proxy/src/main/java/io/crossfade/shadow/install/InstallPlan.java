package io.crossfade.shadow.install;

import io.crossfade.sides.Identifiers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The statements that put capture into one database: what is there already is left as it is. */
final class InstallPlan {
    private final Inventory inventory;
    private final Groups groups;
    private final Set<String> broken;
    private int highestId;

    /**
     * A plan of one side.
     *
     * @param broken the repositories whose rows have to be compared anew; none of those whose authority is the other side
     */
    InstallPlan(Inventory inventory, Groups groups, Set<String> broken) {
        this.inventory = inventory;
        this.broken = broken;
        this.groups = groups;
        this.highestId = inventory.registered().values().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    /** The statements, and what they are about. */
    Plan plan() {
        List<Table> todo = new ArrayList<>();
        List<String> unchanged = new ArrayList<>();
        for (Table table : inventory.tables()) {
            if (isDone(table)) {
                unchanged.add(table.repository());
            } else {
                todo.add(table.id() == 0 ? table.withId(++highestId) : table);
            }
        }
        return new Plan(
                inventory.refusals(),
                inventory.notes(),
                todo.stream().map(Table::repository).toList(),
                unchanged,
                inventory.refusals().isEmpty() && !todo.isEmpty() ? statements(todo) : List.of());
    }

    private boolean isDone(Table table) {
        return table.current()
                && !broken.contains(table.repository())
                && table.foreignKeys().isEmpty()
                && table.group().equals(groups.of(table.repository()));
    }

    private List<String> statements(List<Table> todo) {
        List<String> statements = new ArrayList<>();
        if (!inventory.installed()) {
            statements.add(Sql.resource("/schema/V001__crossfade.sql"));
        }
        statements.add(FenceSql.FUNCTION);
        // All at once and in one order: two installations, or one and a fence, never wait for each other in a circle.
        statements.add(todo.stream().map(Table::name).collect(Collectors.joining(", ", "LOCK TABLE ", ""))
                + " IN SHARE ROW EXCLUSIVE MODE");
        for (Table table : todo) {
            statements.add(register(table));
            statements.addAll(new CaptureSql(table).install());
            table.foreignKeys().stream().map(key -> makeDeferrable(table, key)).forEach(statements::addAll);
        }
        statements.add("UPDATE crossfade.repository AS r SET columns = " + Fingerprint.COLUMNS + ", fingerprint = "
                + Fingerprint.SQL + " WHERE r.id IN ("
                + todo.stream().map(table -> "" + table.id()).collect(Collectors.joining(", ")) + ")");
        statements.addAll(CaptureRecord.mend(
                todo.stream().map(Table::repository).filter(broken::contains).toList()));
        List<String> shadows = todo.stream()
                .map(Table::repository)
                .filter(name -> !broken.contains(name))
                .toList();
        if (!shadows.isEmpty()) {
            statements.addAll(CaptureRecord.forget(shadows));
        }
        return statements;
    }

    private String register(Table table) {
        return "INSERT INTO crossfade.repository (id, name, group_name, table_oid, key_columns, fingerprint)\n"
                + "OVERRIDING SYSTEM VALUE VALUES (" + table.id() + "," + Identifiers.literal(table.repository()) + ","
                + Identifiers.literal(groups.of(table.repository())) + ", " + table.oid() + ", ARRAY["
                + table.key().stream()
                        .map(KeyColumn::name)
                        .map(Identifiers::literal)
                        .collect(Collectors.joining(","))
                + "], '')\nON CONFLICT (id) DO UPDATE SET name = excluded.name, group_name = excluded.group_name,"
                + " table_oid = excluded.table_oid, key_columns = excluded.key_columns";
    }

    /** Replay can then bring parents and children in any order of statements; the application notices nothing. */
    private static Collection<String> makeDeferrable(Table table, Table.ForeignKeyName key) {
        String alter = "ALTER TABLE " + key.relation() + " ALTER CONSTRAINT " + Identifiers.quote(key.name());
        return List.of(
                "INSERT INTO crossfade.undo (repository, purpose, undo) VALUES ("
                        + Identifiers.literal(table.repository()) + ", 'foreign-key',"
                        + Identifiers.literal(alter + " NOT DEFERRABLE") + ") ON CONFLICT DO NOTHING",
                alter + " DEFERRABLE INITIALLY IMMEDIATE");
    }
}
