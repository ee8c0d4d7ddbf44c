package io.crossfade.shadow.install;

import io.crossfade.sides.Identifiers;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the capture functions of one table do.
 *
 * <p>They never fail the application's write. A key column that was renamed or dropped would make the query that reads
 * the keys an error, and catching errors costs a subtransaction. Instead every key column has a stand-in of its name one
 * query level further out, always NULL. PostgreSQL finds a name in the innermost level that has it, so the stand-in is
 * only used where the column is gone; a key without a value becomes a {@code resync} entry.
 *
 * <p>They run with the rights of who installed them and under the search path of whoever writes, because pinning the path
 * costs some microseconds at every write. So <em>nothing</em> may be found through the path: every function, type and
 * operator names its schema, and what hides an operator ({@code IN}, {@code BETWEEN}, {@code CASE x WHEN}, {@code USING},
 * {@code IS DISTINCT FROM}, {@code NULLIF}) is not used. The transition tables need no schema: they are found before any
 * table.
 */
final class CaptureBody {
    static final String NEW_ROWS = "crossfade_new";
    static final String OLD_ROWS = "crossfade_old";

    /** The most keys of one entry. */
    private static final int CHUNK = 1_000;

    private static final String BYPASS =
            "pg_catalog.current_setting('application_name') OPERATOR(pg_catalog.<>) 'crossfade'";

    private final Table table;

    CaptureBody(Table table) {
        this.table = table;
    }

    /** The commonest statement touches one row, so what it needs is a single query and one plain INSERT. */
    String ofStatement(String event) {
        boolean update = event.equals("update");
        String rows = event.equals("delete") ? OLD_ROWS : NEW_ROWS;
        return """
                #variable_conflict use_column
                DECLARE
                  captured pg_catalog.text[];
                  earlier pg_catalog.text[];
                  one pg_catalog.text;
                BEGIN
                %s  IF captured OPERATOR(pg_catalog.=) '{}' THEN
                    RETURN NULL;
                  END IF;
                %s%s  IF pg_catalog.array_position(captured, NULL) IS NOT NULL THEN
                %s  ELSIF pg_catalog.cardinality(captured) OPERATOR(pg_catalog.<=) %d THEN
                %s  ELSE
                %s  END IF;
                  RETURN NULL;
                END
                """.formatted(
                        (update ? readBoth() : read(rows)).indent(2),
                        skipReplayer(),
                        update ? addEarlier() : "",
                        resync().indent(4),
                        CHUNK,
                        keys().indent(4),
                        inEntries(update ? allKeys(OLD_ROWS) + " UNION " + allKeys(NEW_ROWS) : allKeys(rows)));
    }

    /**
     * A field of the changed row has no stand-in, and a session that has seen the row's old type fails on a new one. So
     * here errors are caught; only around the keys, which write nothing, so that no transaction id is spent.
     */
    String ofRow(String event) {
        String keys = switch (event) {
            case "insert" -> keyOf("NEW");
            case "delete" -> keyOf("OLD");
            default -> keyOf("OLD") + ", " + keyOf("NEW");
        };
        return """
                DECLARE
                  captured pg_catalog.text[];
                BEGIN
                %s  BEGIN
                    captured := ARRAY[%s];
                  EXCEPTION WHEN OTHERS THEN
                    captured := ARRAY[NULL::pg_catalog.text];
                  END;
                  IF pg_catalog.array_position(captured, NULL) IS NOT NULL THEN
                %s    RETURN NULL;
                  END IF;
                  IF captured[1] OPERATOR(pg_catalog.=) captured[2] THEN
                    captured := captured[1:1];
                  END IF;
                %s  RETURN NULL;
                END
                """.formatted(skipReplayer(), keys, resync().indent(4), keys().indent(2));
    }

    /** Of a partition only its own rows are gone, and nobody knows any more which those were. */
    String ofTruncation() {
        return """
                BEGIN
                %s  INSERT INTO crossfade.journal (repository, kind, bypass)
                  VALUES (%d, CASE WHEN TG_RELID OPERATOR(pg_catalog.=) %d THEN 'truncate' ELSE 'resync' END, %s);
                  RETURN NULL;
                END
                """.formatted(skipReplayer(), table.id(), table.oid(), BYPASS);
    }

    /** An entry of an update that changed keys may name one twice; that costs less than finding out. */
    private static String addEarlier() {
        return """
                  IF captured OPERATOR(pg_catalog.<>) earlier THEN
                    captured := captured OPERATOR(pg_catalog.||) earlier;
                  END IF;
                """.indent(2);
    }

    /** Row after row, so that a statement of millions of rows needs no more memory than the keys of one entry. */
    private String inEntries(String keys) {
        return """
                captured := '{}';
                FOR one IN %s LOOP
                  IF one IS NULL THEN
                    %s
                    RETURN NULL;
                  END IF;
                  captured := pg_catalog.array_append(captured, one);
                  IF pg_catalog.cardinality(captured) OPERATOR(pg_catalog.=) %d THEN
                    %s
                    captured := '{}';
                  END IF;
                END LOOP;
                IF captured OPERATOR(pg_catalog.<>) '{}' THEN
                  %s
                END IF;
                """.formatted(keys, resync(), CHUNK, keys(), keys()).indent(4);
    }

    private String keys() {
        return "INSERT INTO crossfade.journal (repository, kind, keys, bypass) VALUES (" + table.id()
                + ", 'keys', captured, " + BYPASS + ");";
    }

    private String resync() {
        return "INSERT INTO crossfade.journal (repository, kind, bypass) VALUES (" + table.id() + ", 'resync', "
                + BYPASS + ");";
    }

    /** Compared as text: a setting that is no number is just not a token. Nested, so that it costs nothing without one. */
    private String skipReplayer() {
        return """
                IF pg_catalog.current_setting('crossfade.replaying', true) OPERATOR(pg_catalog.<>) '' THEN
                  IF EXISTS (SELECT FROM crossfade.replayer AS w, crossfade.repository AS r
                             WHERE r.id OPERATOR(pg_catalog.=) %d
                               AND w.group_name OPERATOR(pg_catalog.=) r.group_name
                               AND w.token::pg_catalog.text OPERATOR(pg_catalog.=)
                                   pg_catalog.current_setting('crossfade.replaying', true)) THEN
                    RETURN NULL;
                  END IF;
                END IF;
                """.formatted(table.id()).indent(2);
    }

    private String read(String rows) {
        return "captured := (SELECT " + someKeys(rows) + " FROM (" + standIns() + ") AS gone);";
    }

    /** Both transition tables of an update hold its rows in the same order, so equal arrays mean that no key changed. */
    private String readBoth() {
        return "SELECT " + someKeys(NEW_ROWS) + ", " + someKeys(OLD_ROWS) + " INTO captured, earlier FROM ("
                + standIns() + ") AS gone;";
    }

    private String someKeys(String rows) {
        return "ARRAY(SELECT " + keyOf(names().toList()) + " FROM " + rows + " LIMIT " + (CHUNK + 1) + ")";
    }

    /** Two columns of a key may be sorted by different rules; which keys are equal is a matter of their bytes. */
    private String allKeys(String rows) {
        return "SELECT every_key.key COLLATE pg_catalog.\"C\" AS key FROM (" + standIns()
                + ") AS gone, LATERAL (SELECT " + keyOf(names().toList()) + " AS key FROM " + rows + ") AS every_key";
    }

    private String keyOf(String row) {
        return keyOf(names().map(name -> row + "." + name).toList());
    }

    private static String keyOf(List<String> columns) {
        String missing = columns.stream().map(column -> column + " IS NULL").collect(Collectors.joining(" OR "));
        return "CASE WHEN " + missing + " THEN NULL ELSE ARRAY["
                + columns.stream().map(column -> column + "::pg_catalog.text").collect(Collectors.joining(", "))
                + "]::pg_catalog.text END";
    }

    private String standIns() {
        return names().map(name -> "NULL AS " + name).collect(Collectors.joining(", ", "SELECT ", ""));
    }

    private Stream<String> names() {
        return table.key().stream().map(KeyColumn::name).map(Identifiers::quote);
    }
}
