package io.crossfade.shadow.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.StringReader;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;

/** Every way of writing leaves its keys in the journal, in the transaction that writes. */
class CaptureTest {
    private static final String SCHEMA = """
            CREATE TABLE parent (id int PRIMARY KEY, name text UNIQUE);
            CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE);
            CREATE TABLE pair (a text, b uuid, note text, PRIMARY KEY (b, a));
            CREATE TABLE moment (at timestamptz PRIMARY KEY, note text);
            CREATE TABLE measured (value float8, raw bytea, span interval, note text, PRIMARY KEY (value, raw, span));
            CREATE TABLE numbered (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);
            CREATE TABLE found (found int PRIMARY KEY, captured text, new int);
            CREATE TABLE parted (id int, day date, note text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
            CREATE TABLE parted_a PARTITION OF parted FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
            CREATE TABLE parted_b PARTITION OF parted FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
            CREATE TABLE secret (id int PRIMARY KEY, owner text);
            ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
            ALTER TABLE secret FORCE ROW LEVEL SECURITY;
            CREATE POLICY own ON secret USING (owner = current_user) WITH CHECK (true);
            CREATE SCHEMA "Склад";
            CREATE TABLE "Склад"."То""вар ы" ("Код 'А'" text PRIMARY KEY, "остаток" int);
            CREATE VIEW parents AS SELECT * FROM parent;
            CREATE FUNCTION add_parent(int) RETURNS void LANGUAGE sql AS 'INSERT INTO parent VALUES ($1)';
            DO $$ BEGIN CREATE ROLE capture_guest; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT ALL ON ALL TABLES IN SCHEMA public TO capture_guest;
            GRANT USAGE ON SCHEMA public TO capture_guest;
            """;

    @RegisterExtension
    static final InstallRig rig = InstallRig.installedOn(SCHEMA);

    @BeforeEach
    void startEmpty() {
        rig.database().execute("ROLLBACK; DELETE FROM parent; DELETE FROM pair; DELETE FROM parted");
    }

    @Test
    void aStatementLeavesOneEntryWithTheKeysOfItsRows() {
        assertThat(rig.captured("INSERT INTO parent VALUES (1), (2)")).containsExactly("parent keys {1} {2}");
        assertThat(rig.captured("UPDATE parent SET name = 'x' WHERE id = 2")).containsExactly("parent keys {2}");
        assertThat(rig.captured("DELETE FROM parent WHERE id = 1")).containsExactly("parent keys {1}");
        assertThat(rig.captured("UPDATE parent SET name = 'x' WHERE id = 77")).isEmpty();
    }

    @Test
    void anUpsertLeavesTheKeysOfBothItsHalves() {
        rig.database().execute("INSERT INTO parent VALUES (1)");
        assertThat(rig.captured(
                        "INSERT INTO parent VALUES (1), (2) ON CONFLICT (id) DO UPDATE SET name = 'y' || excluded.id"))
                .containsExactlyInAnyOrder("parent keys {1}", "parent keys {2}");
        assertThat(rig.captured("INSERT INTO parent VALUES (1) ON CONFLICT DO NOTHING"))
                .isEmpty();
    }

    @Test
    void aChangedKeyLeavesTheOldAndTheNewOne() {
        rig.database().execute("INSERT INTO parent VALUES (1), (2)");
        String entry = rig.captured("UPDATE parent SET id = id + 10").get(0);
        assertThat(entry.substring("parent keys ".length()).split(" "))
                .containsExactlyInAnyOrder("{1}", "{2}", "{11}", "{12}");
    }

    @Test
    void cascadesAreCapturedInTheTablesThatTheyReach() {
        rig.database().execute("INSERT INTO parent VALUES (1); INSERT INTO child VALUES (5, 1)");
        assertThat(rig.captured("UPDATE parent SET id = 3"))
                .hasSize(2)
                .anyMatch(entry -> entry.equals("child keys {5}"));
        assertThat(rig.captured("DELETE FROM parent")).containsExactlyInAnyOrder("parent keys {3}", "child keys {5}");
    }

    @Test
    void functionsAndViewsAreCaptured() {
        assertThat(rig.captured("SELECT add_parent(8)")).containsExactly("parent keys {8}");
        assertThat(rig.captured("INSERT INTO parents VALUES (9)")).containsExactly("parent keys {9}");
    }

    @Test
    void mergeIsCaptured() {
        assumeThat(rig.database().majorVersion())
                .as("MERGE comes with PostgreSQL 15")
                .isGreaterThanOrEqualTo(15);
        rig.database().execute("INSERT INTO parent VALUES (8)");
        assertThat(rig.captured("""
                        MERGE INTO parent p USING (VALUES (8), (10)) AS s (id) ON p.id = s.id
                        WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (s.id)
                        """)).containsExactlyInAnyOrder("parent keys {8}", "parent keys {10}");
    }

    @Test
    void copyIsCaptured() throws Exception {
        rig.database().execute("DELETE FROM crossfade.journal");
        rig.database()
                .connection()
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY parent FROM STDIN", new StringReader("20\ta\n21\tb\n"));
        assertThat(rig.journal()).containsExactly("parent keys {20} {21}");
    }

    @Test
    void aLargeStatementIsSplitIntoEntriesOfAThousandKeys() {
        List<String> entries = rig.captured("INSERT INTO parent SELECT i FROM generate_series(1, 2500) AS i");
        assertThat(entries).hasSize(3);
        assertThat(rig.database().rows("SELECT cardinality(keys) FROM crossfade.journal ORDER BY 1"))
                .containsExactly("500", "1000", "1000");
        rig.captured("UPDATE parent SET id = id + 10000");
        assertThat(rig.database().number("SELECT count(DISTINCT k) FROM crossfade.journal, unnest(keys) AS k"))
                .isEqualTo(5000);
    }

    @Test
    void aTruncationIsCaptured() {
        assertThat(rig.captured("TRUNCATE pair")).containsExactly("pair truncate");
        assertThat(rig.captured("TRUNCATE parent CASCADE"))
                .containsExactlyInAnyOrder("parent truncate", "child truncate");
    }

    @Test
    void aCompositeKeyKeepsTheOrderOfTheKey() {
        assertThat(rig.captured("INSERT INTO pair VALUES ('x, \"y\"', '00000000-0000-0000-0000-000000000001')"))
                .containsExactly("pair keys {00000000-0000-0000-0000-000000000001,\"x, \\\"y\\\"\"}");
    }

    @Test
    void identityKeysAndQuotedNamesAreCaptured() {
        assertThat(rig.captured("INSERT INTO numbered (note) VALUES ('x')")).containsExactly("numbered keys {1}");
        assertThat(rig.captured("INSERT INTO \"Склад\".\"То\"\"вар ы\" VALUES ('ё', 1)"))
                .containsExactly("Склад.То\"вар ы keys {ё}");
    }

    @Test
    void columnsNamedLikeTheFunctionsOwnVariablesAreCaptured() {
        assertThat(rig.captured("INSERT INTO found VALUES (7)")).containsExactly("found keys {7}");
        assertThat(rig.captured("UPDATE found SET found = 8")).hasSize(1);
    }

    @Test
    void theTextOfAKeyDoesNotDependOnTheSession() throws Exception {
        String strange = """
                SET LOCAL DateStyle = 'German, DMY'; SET LOCAL TimeZone = 'Asia/Tokyo'; SET LOCAL extra_float_digits = -10;
                SET LOCAL bytea_output = 'escape'; SET LOCAL IntervalStyle = 'sql_standard';
                """;
        rig.database().execute("DELETE FROM crossfade.journal");
        // Not by JDBC, which ends its connection when a server older than 14 tells of the settings.
        rig.inTransaction(connection -> connection
                .query(strange + "INSERT INTO moment VALUES ('2026-03-04 05:06:07+00');"
                        + "INSERT INTO measured VALUES (0.1::float8 + 0.2, 'a', '1 day 02:00')")
                .execute());
        assertThat(rig.journal())
                .containsExactly(
                        "moment keys {\"2026-03-04 05:06:07+00\"}",
                        "measured keys {0.30000000000000004,\"\\\\x61\",P1DT2H}");
    }

    @Test
    void aRoleWithoutAnyRightHereIsCaptured() {
        assertThat(rig.captured("BEGIN; SET LOCAL ROLE capture_guest; INSERT INTO parent VALUES (30); COMMIT"))
                .containsExactly("parent keys {30}");
    }

    @Test
    void rowLevelSecurityHidesNothing() {
        assertThat(rig.captured(
                        "BEGIN; SET LOCAL ROLE capture_guest; INSERT INTO secret VALUES (1, 'somebody else'); COMMIT"))
                .containsExactly("secret keys {1}");
    }

    @Test
    void aReplicaSessionIsCaptured() {
        assertThat(rig.captured("BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO parent VALUES (31);"
                        + "INSERT INTO parted VALUES (1, '2026-01-05'); TRUNCATE pair; COMMIT"))
                .containsExactly("parent keys {31}", "parted keys {1,2026-01-05}", "pair truncate");
    }

    @Test
    void partitionsAreCapturedHoweverTheyAreWritten() {
        assertThat(rig.captured("INSERT INTO parted VALUES (1, '2026-01-05')"))
                .containsExactly("parted keys {1,2026-01-05}");
        assertThat(rig.captured("INSERT INTO parted_a VALUES (2, '2026-01-06')"))
                .containsExactly("parted keys {2,2026-01-06}");
        assertThat(rig.captured("UPDATE parted SET note = 'x' WHERE id = 2"))
                .containsExactly("parted keys {2,2026-01-06}");
        assertThat(String.join(" ", rig.captured("UPDATE parted SET day = '2026-02-07' WHERE id = 2")))
                .contains("{2,2026-01-06}", "{2,2026-02-07}");
        assertThat(rig.captured("DELETE FROM parted_b")).containsExactly("parted keys {2,2026-02-07}");
    }

    @Test
    void theTruncationOfAPartitionAsksForAResync() {
        assertThat(rig.captured("TRUNCATE parted_a")).containsExactly("parted resync");
        assertThat(rig.captured("TRUNCATE parted")).contains("parted truncate");
    }

    @Test
    void aNewPartitionIsCapturedInEverySession() {
        rig.database()
                .execute("CREATE TABLE parted_c PARTITION OF parted FOR VALUES FROM ('2026-03-01') TO ('2026-04-01')");
        assertThat(rig.captured("BEGIN; SET LOCAL session_replication_role = replica;"
                        + "INSERT INTO parted_c VALUES (3, '2026-03-01'); COMMIT"))
                .containsExactly("parted keys {3,2026-03-01}");
    }

    @Test
    void whatIsRolledBackLeavesNoEntry() {
        assertThat(rig.captured("BEGIN; INSERT INTO parent VALUES (40); SAVEPOINT s; INSERT INTO parent VALUES (41);"
                        + "ROLLBACK TO s; COMMIT"))
                .containsExactly("parent keys {40}");
    }

    @Test
    void anEntryThatCommitsLateIsThereLater() throws Exception {
        rig.database().execute("DELETE FROM crossfade.journal");
        try (Connection slow = rig.connect()) {
            slow.setAutoCommit(false);
            InstallRig.execute(slow, "INSERT INTO parent VALUES (50)");
            rig.database().execute("INSERT INTO parent VALUES (51)");
            assertThat(rig.journal()).containsExactly("parent keys {51}");
            slow.commit();
        }
        assertThat(rig.journal()).containsExactly("parent keys {50}", "parent keys {51}");
    }

    @Test
    void writesThatDidNotComeThroughUsAreMarked() {
        rig.captured("BEGIN; SET LOCAL application_name = 'crossfade'; INSERT INTO parent VALUES (60); COMMIT");
        assertThat(rig.database().value("SELECT bypass FROM crossfade.journal")).isEqualTo("f");
        rig.captured("BEGIN; SET LOCAL application_name = 'psql'; INSERT INTO parent VALUES (61); COMMIT");
        assertThat(rig.database().value("SELECT bypass FROM crossfade.journal")).isEqualTo("t");
    }

    @Test
    void onlyASessionThatKnowsTheTokenIsSkipped() {
        rig.database()
                .execute("INSERT INTO crossfade.replayer (group_name, token) SELECT DISTINCT group_name, 4711"
                        + " FROM crossfade.repository ON CONFLICT (group_name) DO UPDATE SET token = 4711");
        String write = "INSERT INTO parent VALUES (70); INSERT INTO parted VALUES (70, '2026-01-01'); TRUNCATE pair; "
                + "DELETE FROM parent WHERE id = 70; DELETE FROM parted; COMMIT";
        assertThat(rig.captured("BEGIN; SET LOCAL crossfade.replaying = '4711'; " + write))
                .isEmpty();
        for (String forged : List.of("4712", "x'; --", "", "on", " 4711")) {
            assertThat(rig.captured(
                            "BEGIN; SET LOCAL crossfade.replaying = '" + forged.replace("'", "''") + "'; " + write))
                    .hasSize(5);
        }
    }
}
