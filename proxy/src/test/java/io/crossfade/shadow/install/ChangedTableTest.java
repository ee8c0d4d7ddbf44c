package io.crossfade.shadow.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A table that changes under its capture: the application's write never fails, and the change is noticed. */
class ChangedTableTest {
    @RegisterExtension
    static final InstallRig rig = InstallRig.installedOn("""
            CREATE TABLE renamed (id int PRIMARY KEY, note text);
            CREATE TABLE dropped (a int, b int, note text, PRIMARY KEY (a, b));
            CREATE TABLE retyped (id int PRIMARY KEY, note text);
            CREATE TABLE parted (id int PRIMARY KEY, note text) PARTITION BY RANGE (id);
            CREATE TABLE parted_a PARTITION OF parted FOR VALUES FROM (0) TO (100);
            CREATE TABLE dated (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
            CREATE TABLE dated_a PARTITION OF dated FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            CREATE TABLE watched (id int PRIMARY KEY, note text);
            CREATE TABLE untouched (id int PRIMARY KEY, note text);
            """);

    @Test
    void aRenamedKeyColumnAsksForAResyncInOldAndNewSessions() throws Exception {
        assertThat(rig.captured("INSERT INTO renamed VALUES (1, 'x')")).containsExactly("renamed keys {1}");
        rig.database().execute("ALTER TABLE renamed RENAME id TO number");
        assertThat(rig.captured("INSERT INTO renamed VALUES (2, 'x')")).containsExactly("renamed resync");
        assertThat(rig.captured("UPDATE renamed SET note = 'y'")).containsExactly("renamed resync");
        rig.database().close();
        assertThat(rig.captured("DELETE FROM renamed")).containsExactly("renamed resync");
        assertThat(rig.captured("INSERT INTO renamed SELECT i, 'x' FROM generate_series(1, 1500) AS i"))
                .containsOnly("renamed resync");
        assertThat(changed()).contains("renamed");
    }

    @Test
    void aDroppedKeyColumnAsksForAResync() throws Exception {
        assertThat(rig.captured("INSERT INTO dropped VALUES (1, 2)")).containsExactly("dropped keys {1,2}");
        rig.database().execute("ALTER TABLE dropped DROP a");
        assertThat(rig.captured("UPDATE dropped SET note = 'x'")).containsExactly("dropped resync");
        assertThat(changed()).contains("dropped");
    }

    @Test
    void aKeyOfAnotherTypeIsCaptured() throws Exception {
        assertThat(rig.captured("INSERT INTO retyped VALUES (1)")).containsExactly("retyped keys {1}");
        rig.database().execute("ALTER TABLE retyped ALTER id TYPE text");
        assertThat(rig.captured("INSERT INTO retyped VALUES ('x')")).containsExactly("retyped keys {x}");
        assertThat(changed()).contains("retyped");
    }

    @Test
    void aPartitionedTableWhoseColumnsChangedTakesWrites() throws Exception {
        assertThat(rig.captured("INSERT INTO parted VALUES (1)")).containsExactly("parted keys {1}");
        rig.database().execute("ALTER TABLE parted ADD extra int; ALTER TABLE parted DROP note");
        assertThat(rig.captured("INSERT INTO parted VALUES (2)")).containsExactly("parted keys {2}");
        rig.database().execute("ALTER TABLE parted RENAME id TO number");
        assertThat(rig.captured("INSERT INTO parted VALUES (3)")).hasSize(1);
        rig.database().close();
        assertThat(rig.captured("UPDATE parted SET extra = 1 WHERE number = 3")).containsExactly("parted resync");
        assertThat(changed()).contains("parted");
    }

    @Test
    void aPartitionedTableWhoseKeyWasRetypedTakesWritesOfSessionsThatKnewTheOldType() throws Exception {
        assertThat(rig.captured("INSERT INTO dated VALUES (1, '2026-01-01')"))
                .containsExactly("dated keys {1,2026-01-01}");
        rig.database().execute("ALTER TABLE dated ALTER id TYPE bigint");
        assertThat(rig.captured("INSERT INTO dated VALUES (2, '2026-01-01')")).containsExactly("dated resync");
        assertThat(changed()).contains("dated");
    }

    @Test
    void triggersThatWereDisabledOrMerelyEnabledAreNoticedAndMendedByInstalling() throws Exception {
        assertThat(changed()).doesNotContain("watched", "untouched");
        for (String ddl : List.of(
                "ALTER TABLE watched DISABLE TRIGGER USER",
                "ALTER TABLE watched ENABLE TRIGGER USER",
                "DROP TRIGGER crossfade_capture_delete ON watched",
                "ALTER TABLE watched ADD extra int",
                "CREATE TRIGGER crossfade_capture_more AFTER INSERT ON watched EXECUTE FUNCTION crossfade.fence()")) {
            rig.database().execute(ddl);
            assertThat(changed()).as(ddl).contains("watched").doesNotContain("untouched");
            rig.database().execute("DROP TRIGGER IF EXISTS crossfade_capture_more ON watched");
            rig.install("watched");
            assertThat(changed()).as("after mending " + ddl).doesNotContain("watched");
        }
        assertThat(rig.captured("BEGIN; SET LOCAL session_replication_role = replica;"
                        + "INSERT INTO watched VALUES (1); DELETE FROM watched; COMMIT"))
                .containsExactly("watched keys {1}", "watched keys {1}");
    }

    private static List<String> changed() throws Exception {
        return rig.onConnection(Fingerprint::changed);
    }
}
