package io.crossfade.shadow.install;

import io.crossfade.sides.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The triggers that write the keys of changed rows into the journal, in the transaction that changes them.
 *
 * <p>On an ordinary table they fire once for a statement and read its transition tables. On a partitioned table they fire
 * for each row, because only row triggers see a write that names a partition, and are cloned to every new partition.
 */
final class CaptureSql {
    static final String PREFIX = "crossfade_capture_";

    /**
     * Types whose text depends on nothing: neither on a setting nor on anything that a user could define. Setting
     * anything for the time of a function costs more than the rest of what it does before its INSERT.
     */
    private static final Set<String> PLAIN = Set.of(
            "int2", "int4", "int8", "text", "varchar", "bpchar", "uuid", "bool", "numeric", "name", "char", "oid",
            "inet", "cidr", "macaddr", "bit", "varbit");

    /**
     * Whatever the application set, a key has one text. A type that somebody made may have a cast to text that is a
     * function of theirs; it must not be led astray, with the rights of who installed this, by the writer's search path.
     */
    private static final List<String> SETTINGS = List.of(
            "search_path = pg_catalog, pg_temp",
            "DateStyle = 'ISO'",
            "TimeZone = 'UTC'",
            "IntervalStyle = 'iso_8601'",
            "extra_float_digits = 1",
            "bytea_output = 'hex'",
            "lc_monetary = 'C'");

    private final Table table;

    CaptureSql(Table table) {
        this.table = table;
    }

    /** What is missing for the capture of this table, in order. */
    List<String> install() {
        List<String> statements = new ArrayList<>();
        CaptureBody body = new CaptureBody(table);
        for (String event : List.of("insert", "update", "delete")) {
            statements.add(function(event, table.partitioned() ? body.ofRow(event) : body.ofStatement(event)));
            trigger(statements, table.name(), event, table.partitioned() ? "ROW" : "STATEMENT");
        }
        statements.add(function("truncate", body.ofTruncation()));
        table.relations().forEach(relation -> trigger(statements, relation, "truncate", "STATEMENT"));
        return statements;
    }

    /** Takes the triggers out: those of partitions, too. */
    static List<String> uninstall(int id) {
        return List.of("insert", "update", "delete", "truncate").stream()
                .map(event -> "DROP FUNCTION IF EXISTS " + functionName(id, event) + "() CASCADE")
                .toList();
    }

    private void trigger(List<String> statements, String relation, String event, String level) {
        String trigger = PREFIX + event;
        if (table.capturing().contains(relation + " " + trigger)) {
            return;
        }
        // One of this name that does not always fire, or is not ours.
        statements.add("DROP TRIGGER IF EXISTS " + trigger + " ON " + relation);
        statements.add("CREATE TRIGGER " + trigger + " AFTER " + event.toUpperCase(Locale.ROOT) + " ON " + relation
                + transitionTables(event) + " FOR EACH " + level + " EXECUTE FUNCTION "
                + functionName(table.id(), event) + "()");
        // Else a session in which session_replication_role is replica would write without being seen.
        statements.add("ALTER TABLE " + relation + " ENABLE ALWAYS TRIGGER " + trigger);
    }

    private String transitionTables(String event) {
        if (table.partitioned()) {
            return "";
        }
        return switch (event) {
            case "insert" -> " REFERENCING NEW TABLE AS " + CaptureBody.NEW_ROWS;
            case "update" ->
                " REFERENCING OLD TABLE AS " + CaptureBody.OLD_ROWS + " NEW TABLE AS " + CaptureBody.NEW_ROWS;
            case "delete" -> " REFERENCING OLD TABLE AS " + CaptureBody.OLD_ROWS;
            default -> "";
        };
    }

    private String function(String event, String body) {
        boolean plain = event.equals("truncate")
                || table.key().stream().map(KeyColumn::type).allMatch(PLAIN::contains);
        String settings = plain
                ? ""
                : SETTINGS.stream().map(setting -> "\n  SET " + setting).collect(Collectors.joining());
        return "CREATE OR REPLACE FUNCTION " + functionName(table.id(), event)
                + "() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER" + settings + "\nAS"
                + Identifiers.literal(body);
    }

    private static String functionName(int id, String event) {
        return "crossfade.capture_" + id + "_" + event;
    }
}
