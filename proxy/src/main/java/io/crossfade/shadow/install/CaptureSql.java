package io.crossfade.shadow.install;

import io.crossfade.sides.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The triggers that write the keys of changed rows into the journal, in the transaction that changes them.
 *
 * <p>On an ordinary table they fire once for a statement and read its transition tables. On a partitioned table they fire
 * for each row, because only row triggers see a write that names a partition, and are cloned to every new partition.
 *
 * <p>They never fail the application's write. A key column that was renamed or dropped would make the query that reads
 * the keys an error, and catching errors costs a subtransaction: measured 8 µs for each call, half of the capture.
 * Instead every key column has a stand-in of its name one query level further out, always NULL. PostgreSQL finds a name
 * in the innermost level that has it, so the stand-in is only used where the column is gone; a key without a value
 * becomes a {@code resync} entry.
 */
final class CaptureSql {
    static final String PREFIX = "crossfade_capture_";

    /** The most keys of one entry. */
    private static final int CHUNK = 1_000;

    private static final String NEW_ROWS = "crossfade_new";
    private static final String OLD_ROWS = "crossfade_old";

    /** Whatever the application set, a key has one text. Types whose text depends on nothing need no setting. */
    private static final Set<String> PLAIN = Set.of(
            "int2", "int4", "int8", "text", "varchar", "bpchar", "uuid", "bool", "numeric", "name", "char", "enum",
            "oid", "inet", "cidr", "macaddr", "bit", "varbit");

    private static final List<String> SETTINGS = List.of(
            "DateStyle = 'ISO'",
            "TimeZone = 'UTC'",
            "IntervalStyle = 'iso_8601'",
            "extra_float_digits = 1",
            "bytea_output = 'hex'",
            "lc_monetary = 'C'");

    private static final String SEARCH_PATH = "SET search_path = pg_catalog, pg_temp";

    private static final String BYPASS = "current_setting('application_name') <> 'crossfade'";

    private final Table table;

    CaptureSql(Table table) {
        this.table = table;
    }

    /** What is missing for the capture of this table, in order. */
    List<String> install() {
        List<String> statements = new ArrayList<>();
        for (String event : List.of("insert", "update", "delete")) {
            statements.add(function(event, table.partitioned() ? rowBody(event) : statementBody(event)));
            trigger(statements, table.name(), event, table.partitioned() ? "ROW" : "STATEMENT");
        }
        statements.add(function("truncate", truncateBody()));
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
            case "insert" -> " REFERENCING NEW TABLE AS " + NEW_ROWS;
            case "update" -> " REFERENCING OLD TABLE AS " + OLD_ROWS + " NEW TABLE AS " + NEW_ROWS;
            case "delete" -> " REFERENCING OLD TABLE AS " + OLD_ROWS;
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
                + "() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER\n  " + SEARCH_PATH + settings + "\nAS"
                + Identifiers.literal(body);
    }

    /** The commonest statement touches one row, so what it needs is a single subquery and one plain INSERT. */
    private String statementBody(String event) {
        String rows = event.equals("delete") ? OLD_ROWS : NEW_ROWS;
        boolean update = event.equals("update");
        return """
                #variable_conflict use_column
                DECLARE
                  captured text[];
                  earlier text[];
                BEGIN
                  captured := %s;
                  IF captured = '{}' THEN
                    RETURN NULL;
                  END IF;
                %s%s  IF cardinality(captured) > %d THEN
                    INSERT INTO crossfade.journal (repository, kind, keys, bypass)
                    SELECT %d, CASE WHEN bool_or(key IS NULL) THEN 'resync' ELSE 'keys' END,
                           CASE WHEN bool_or(key IS NULL) THEN '{}' ELSE array_agg(key) END, %s
                    FROM (SELECT key, (row_number() OVER () - 1) / %d AS chunk FROM %s AS every) AS numbered
                    GROUP BY chunk;
                  ELSIF array_position(captured, NULL) IS NULL THEN
                    INSERT INTO crossfade.journal (repository, kind, keys, bypass)
                    VALUES (%d, 'keys', captured, %s);
                  ELSE
                    INSERT INTO crossfade.journal (repository, kind, bypass) VALUES (%d, 'resync', %s);
                  END IF;
                  RETURN NULL;
                END
                """.formatted(
                        keysOf(rows),
                        skipReplayer(),
                        update ? earlierKeys() : "",
                        CHUNK,
                        table.id(),
                        BYPASS,
                        CHUNK,
                        update
                                ? "(" + allKeysOf(OLD_ROWS) + " UNION " + allKeysOf(NEW_ROWS) + ")"
                                : "(" + allKeysOf(rows) + ")",
                        table.id(),
                        BYPASS,
                        table.id(),
                        BYPASS);
    }

    /** Both transition tables of an update hold its rows in the same order, so equal arrays mean that no key changed. */
    private String earlierKeys() {
        return """
                  earlier := %s;
                  IF captured <> earlier THEN
                    captured := ARRAY(SELECT unnest(captured) UNION SELECT unnest(earlier));
                  END IF;
                """.formatted(keysOf(OLD_ROWS)).indent(0);
    }

    /**
     * A field of the changed row has no stand-in, and a session that has seen the row's old type fails on a new one. So
     * here errors are caught; only around the keys, which write nothing, so that no transaction id is spent.
     */
    private String rowBody(String event) {
        String keys = switch (event) {
            case "insert" -> keyOf("NEW");
            case "delete" -> keyOf("OLD");
            default -> keyOf("OLD") + ", " + keyOf("NEW");
        };
        return """
                DECLARE
                  captured text[];
                BEGIN
                %s  BEGIN
                    captured := ARRAY[%s];
                  EXCEPTION WHEN OTHERS THEN
                    captured := ARRAY[NULL::text];
                  END;
                  IF array_position(captured, NULL) IS NULL THEN
                    IF captured[1] = captured[2] THEN
                      captured := captured[1:1];
                    END IF;
                    INSERT INTO crossfade.journal (repository, kind, keys, bypass) VALUES (%d, 'keys', captured, %s);
                  ELSE
                    INSERT INTO crossfade.journal (repository, kind, bypass) VALUES (%d, 'resync', %s);
                  END IF;
                  RETURN NULL;
                END
                """.formatted(skipReplayer(), keys, table.id(), BYPASS, table.id(), BYPASS);
    }

    /** Of a partition only its own rows are gone, and nobody knows any more which those were. */
    private String truncateBody() {
        return """
                BEGIN
                %s  INSERT INTO crossfade.journal (repository, kind, bypass)
                  VALUES (%d, CASE WHEN TG_RELID = %d THEN 'truncate' ELSE 'resync' END, %s);
                  RETURN NULL;
                END
                """.formatted(skipReplayer(), table.id(), table.oid(), BYPASS);
    }

    /** Compared as text: a setting that is no number is just not a token. Nested, so that it costs nothing without one. */
    private String skipReplayer() {
        return """
                  IF current_setting('crossfade.replaying', true) <> '' THEN
                    IF EXISTS (SELECT FROM crossfade.replayer AS w JOIN crossfade.repository AS r USING (group_name)
                               WHERE r.id = %d AND w.token::text = current_setting('crossfade.replaying', true)) THEN
                      RETURN NULL;
                    END IF;
                  END IF;
                """.formatted(table.id());
    }

    private String keysOf(String rows) {
        return "(SELECT ARRAY(SELECT " + key() + " FROM " + rows + " LIMIT " + (CHUNK + 1) + ") FROM (" + standIns()
                + ") AS gone)";
    }

    private String allKeysOf(String rows) {
        return "SELECT every_key.key FROM (" + standIns() + ") AS gone, LATERAL (SELECT " + key() + " AS key FROM "
                + rows + ") AS every_key";
    }

    private String keyOf(String row) {
        return keyOf(names().map(name -> row + "." + name).toList());
    }

    private String key() {
        return keyOf(names().toList());
    }

    private static String keyOf(List<String> columns) {
        String missing = columns.stream().map(column -> column + " IS NULL").collect(Collectors.joining(" OR "));
        return "CASE WHEN " + missing + " THEN NULL ELSE ARRAY["
                + columns.stream().map(column -> column + "::text").collect(Collectors.joining(", ")) + "]::text END";
    }

    private String standIns() {
        return names().map(name -> "NULL AS " + name).collect(Collectors.joining(", ", "SELECT ", ""));
    }

    private Stream<String> names() {
        return table.key().stream().map(KeyColumn::name).map(Identifiers::quote);
    }

    private static String functionName(int id, String event) {
        return "crossfade.capture_" + id + "_" + event;
    }
}
