package io.crossfade.shadow.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.crossfade.migration.Side;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;

/** A raised fence refuses every write but the replayer's, and raising it loses none. */
class FenceTest {
    private static final List<String> ALL = List.of("goods", "parted", "noted");

    @RegisterExtension
    static final InstallRig rig = InstallRig.installedOn("""
            CREATE TABLE goods (id int PRIMARY KEY, note text);
            CREATE TABLE parted (id int PRIMARY KEY, note text) PARTITION BY RANGE (id);
            CREATE TABLE parted_a PARTITION OF parted FOR VALUES FROM (0) TO (100);
            INSERT INTO parted VALUES (1);
            CREATE TABLE noted (id int PRIMARY KEY, note text);
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.note := ''noted''; RETURN NEW; END';
            CREATE TRIGGER plain BEFORE INSERT ON noted FOR EACH ROW EXECUTE FUNCTION note();
            CREATE TRIGGER "Always ü" BEFORE UPDATE ON noted FOR EACH ROW EXECUTE FUNCTION note();
            ALTER TABLE noted ENABLE ALWAYS TRIGGER "Always ü";
            CREATE TRIGGER off BEFORE UPDATE ON noted FOR EACH ROW EXECUTE FUNCTION note();
            ALTER TABLE noted DISABLE TRIGGER off;
            CREATE TRIGGER part BEFORE INSERT ON parted_a FOR EACH ROW EXECUTE FUNCTION note();
            CREATE FUNCTION write_goods() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'INSERT INTO goods VALUES (1)';
            """);

    @AfterEach
    void lowerAndClear() throws Exception {
        lower();
        rig.onConnection(connection -> new Fence(rig.vertx()).clear(connection, ALL));
    }

    @Test
    void everyWriteIsRefusedWhoeverSendsIt() throws Exception {
        raise();
        for (String write : List.of(
                "INSERT INTO goods VALUES (1)",
                "UPDATE goods SET note = 'x'",
                "DELETE FROM goods",
                "TRUNCATE goods",
                "SET session_replication_role = replica; INSERT INTO goods VALUES (1)",
                "SET session_replication_role = replica; INSERT INTO parted VALUES (2)",
                "SELECT write_goods()",
                "INSERT INTO parted VALUES (2)",
                "INSERT INTO parted_a VALUES (2)",
                "UPDATE parted_a SET note = 'x'",
                "DELETE FROM parted",
                "TRUNCATE parted",
                "TRUNCATE parted_a",
                "SET crossfade.replaying = '4710'; INSERT INTO goods VALUES (1)",
                "SET crossfade.replaying = 'on'; DELETE FROM parted")) {
            assertRefused(write);
        }
        assertThatThrownBy(() -> rig.database()
                        .connection()
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY goods FROM STDIN", new StringReader("1\tx\n")))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        error -> assertThat(error.getSQLState()).isEqualTo("CF001"));
        assertThat(rig.database().rows("SELECT id FROM goods UNION ALL SELECT id FROM parted"))
                .containsExactly("1");
    }

    @Test
    void aMergeIsRefused() throws Exception {
        assumeThat(rig.database().majorVersion())
                .as("MERGE comes with PostgreSQL 15")
                .isGreaterThanOrEqualTo(15);
        raise();
        assertRefused(
                "MERGE INTO goods g USING (VALUES (1)) s (id) ON g.id = s.id WHEN NOT MATCHED THEN INSERT VALUES (1)");
        assertThat(rig.database().rows("SELECT id FROM goods")).isEmpty();
    }

    @Test
    void theMessageNamesTheTableAndItsAuthority() throws Exception {
        raise();
        assertThatThrownBy(() -> rig.database().execute("INSERT INTO parted_a VALUES (2)"))
                .cause()
                .hasMessageContaining("writes to \"parted\" are refused here: its authority is the target side");
    }

    @Test
    void theReplayerPasses() throws Exception {
        raise();
        rig.database()
                .execute("INSERT INTO crossfade.replayer (group_name, token) SELECT DISTINCT group_name, 4711"
                        + " FROM crossfade.repository ON CONFLICT (group_name) DO UPDATE SET token = 4711");
        rig.database()
                .execute("BEGIN; SET LOCAL crossfade.replaying = '4711'; INSERT INTO goods VALUES (5);"
                        + "UPDATE parted SET note = 'replayed' WHERE id = 1; INSERT INTO parted VALUES (6);"
                        + "DELETE FROM parted WHERE id = 6; TRUNCATE goods; COMMIT");
        assertThat(rig.database().rows("SELECT note FROM parted")).containsExactly("replayed");
        assertRefused("INSERT INTO goods VALUES (1)");
    }

    @Test
    void loweredItLetsWritesPassAndLeavesNoTriggerOnceCleared() throws Exception {
        String triggers =
                "SELECT tgrelid::regclass, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2";
        List<String> before = rig.database().rows(triggers);
        raise();
        raise();
        assertThat(rig.database().rows(triggers)).hasSizeGreaterThan(before.size());
        lower();
        rig.database().execute("BEGIN; INSERT INTO goods VALUES (1); INSERT INTO parted VALUES (2); ROLLBACK");
        rig.onConnection(connection -> new Fence(rig.vertx()).clear(connection, ALL));
        assertThat(rig.database().rows(triggers)).isEqualTo(before);
        assertThat(rig.database().number("SELECT count(*) FROM crossfade.undo")).isZero();
    }

    @Test
    void clearingLeavesARaisedFenceAlone() throws Exception {
        raise();
        rig.onConnection(connection -> new Fence(rig.vertx()).clear(connection, ALL));
        assertRefused("INSERT INTO goods VALUES (1)");
    }

    @Test
    void theApplicationsOwnTriggersSleepWhileItIsRaised() throws Exception {
        String states =
                "SELECT tgname, tgenabled FROM pg_trigger WHERE tgname IN ('plain', 'Always ü', 'off', 'part') ORDER BY 1";
        List<String> awake = List.of("Always ü|A", "off|D", "part|O", "plain|O");
        assertThat(rig.database().rows(states)).containsExactlyInAnyOrderElementsOf(awake);
        raise();
        assertThat(rig.database().rows(states)).containsExactlyInAnyOrder("Always ü|D", "off|D", "part|D", "plain|D");
        rig.database().execute("DROP TRIGGER off ON noted");
        lower();
        rig.database()
                .execute("CREATE TRIGGER off BEFORE UPDATE ON noted FOR EACH ROW EXECUTE FUNCTION note();"
                        + "ALTER TABLE noted DISABLE TRIGGER off");
        assertThat(rig.database().rows(states)).containsExactlyInAnyOrderElementsOf(awake);
    }

    @Test
    void raisingWaitsForAWriterInFlightAndNotForReaders() throws Exception {
        rig.database().execute("DELETE FROM crossfade.journal");
        try (Connection writer = rig.connect();
                Connection reader = rig.connect()) {
            writer.setAutoCommit(false);
            reader.setAutoCommit(false);
            InstallRig.execute(reader, "SELECT * FROM goods");
            InstallRig.execute(writer, "INSERT INTO goods VALUES (9)");
            CompletableFuture<Void> raised = CompletableFuture.runAsync(FenceTest::raiseUnchecked);
            rig.awaitLockWaiter();
            InstallRig.execute(writer, "INSERT INTO goods VALUES (10)");
            assertThat(raised).isNotDone();
            writer.commit();
            raised.get(30, TimeUnit.SECONDS);
            InstallRig.execute(reader, "SELECT * FROM goods");
        }
        assertThat(rig.database().rows("SELECT id FROM goods")).contains("9", "10");
        assertThat(rig.journal()).containsExactly("goods keys {9}", "goods keys {10}");
        assertRefused("INSERT INTO goods VALUES (11)");
        lower();
        rig.database().execute("DELETE FROM goods");
    }

    @Test
    void aWriterThatNeverEndsMakesRaisingFailAndLeavesNothingRaised() throws Exception {
        try (Connection writer = rig.connect()) {
            writer.setAutoCommit(false);
            InstallRig.execute(writer, "INSERT INTO goods VALUES (12)");
            assertThatThrownBy(() -> rig.inTransaction(
                            connection -> new Fence(new Patience(rig.vertx(), 2)).raise(connection, ALL, Side.TARGET)))
                    .hasMessageContaining("55P03");
            writer.rollback();
        }
        rig.database().execute("INSERT INTO parted VALUES (13); DELETE FROM parted WHERE id = 13");
    }

    @Test
    void transactionsThatTakeTheTablesInEitherOrderDoNotKeepAMoveFromRaisingIt() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        List<CompletableFuture<Integer>> writers = Stream.of(1, 2, 3)
                .map(seed -> CompletableFuture.supplyAsync(() -> writeInEitherOrder(seed, ended)))
                .toList();
        try {
            for (int times = 0; times < 20; times++) {
                rig.inTransaction(connection -> hurried().raise(connection, ALL, Side.TARGET));
                assertRefused("UPDATE goods SET note = 'x'");
                rig.inTransaction(connection -> hurried().lower(connection, ALL));
            }
        } finally {
            ended.set(true);
        }
        for (CompletableFuture<Integer> writer : writers) {
            assertThat(writer.get(30, TimeUnit.SECONDS)).isPositive();
        }
    }

    /** Rows of our own, which others change, too, may keep a fence waiting for longer than one short try. */
    @Test
    void whatComesBehindTheLocksOfAHurriedFenceMayWaitAsLongAsUsual() throws Exception {
        assertThat(rig.<String>inTransaction(connection -> hurried()
                        .raise(connection, ALL, Side.TARGET)
                        .compose(raised -> connection.query("SHOW lock_timeout").execute())
                        .map(rows -> rows.iterator().next().getString(0))))
                .isEqualTo("100ms");
    }

    private static Fence hurried() {
        return Fence.hurried(rig.vertx(), Duration.ofSeconds(5));
    }

    /** Answers with how many transactions were taken. */
    private static int writeInEitherOrder(int seed, AtomicBoolean ended) {
        Random random = new Random(seed);
        int taken = 0;
        try (Connection writer = rig.connect()) {
            writer.setAutoCommit(false);
            while (!ended.get()) {
                List<String> tables = random.nextBoolean() ? List.of("goods", "noted") : List.of("noted", "goods");
                try {
                    for (String table : tables) {
                        InstallRig.execute(writer, "UPDATE " + table + " SET note = 'y' WHERE id = " + -seed);
                    }
                    writer.commit();
                    taken++;
                } catch (SQLException refused) {
                    assertThat(refused.getSQLState()).isEqualTo("CF001");
                    writer.rollback();
                }
            }
            return taken;
        } catch (SQLException lost) {
            throw new IllegalStateException(lost);
        }
    }

    private static void raise() throws Exception {
        rig.inTransaction(connection -> new Fence(rig.vertx()).raise(connection, ALL, Side.TARGET));
    }

    private static void raiseUnchecked() {
        try {
            raise();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void lower() throws Exception {
        rig.inTransaction(connection -> new Fence(rig.vertx()).lower(connection, ALL));
    }

    private static void assertRefused(String write) throws SQLException {
        try (Connection session = rig.connect()) {
            assertThatThrownBy(() -> InstallRig.execute(session, write))
                    .as(write)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            error -> assertThat(error.getSQLState()).isEqualTo("CF001"));
        }
    }
}
