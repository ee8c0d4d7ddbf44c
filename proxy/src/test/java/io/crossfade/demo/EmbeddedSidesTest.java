package io.crossfade.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedSidesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    static Path dataDir;

    @SuppressWarnings("NullAway.Init") // before each test
    private static EmbeddedSides sides;

    @BeforeAll
    static void start() {
        sides = EmbeddedSides.start(dataDir);
    }

    @AfterAll
    static void stop() {
        sides.close();
    }

    @Test
    void bothSidesHoldTheVolumesOfTheBot() throws SQLException {
        assertThat(TableSums.counts(sides.legacy().jdbc()))
                .hasSize(21)
                .contains(
                        entry("clients", 1_299L),
                        entry("services", 63L),
                        entry("staff", 12L),
                        entry("bookings", 38L),
                        entry("dialog_contexts", 50L),
                        entry("reminders", 20L),
                        entry("companies", 1L),
                        entry("whatsapp_auth", 1L),
                        entry("whatsapp_keys", 728L))
                .allSatisfy((table, rows) -> assertThat(rows).as(table).isPositive());
    }

    @Test
    void bothSidesHoldTheSameRowsToTheByte() throws SQLException {
        assertThat(TableSums.checksums(sides.legacy().jdbc()))
                .isEqualTo(TableSums.checksums(sides.target().jdbc()));
    }

    @Test
    void sidesThatWereJustLoadedDoNotDiffer() {
        assertThat(sides.differences()).isEmpty();
    }

    @Test
    void theNextClientGetsANumberPastTheLoadedOnes() throws SQLException {
        assertThat(one("SELECT nextval(pg_get_serial_sequence('clients', 'id')) > max(id) FROM clients"))
                .isEqualTo("t");
    }

    @Test
    void numbersThatADoubleWouldSpoilAreAmongTheRows() throws SQLException {
        assertThat(one("SELECT coordinate_lat || ' ' || (raw_data ->> 'ledger') || ' ' || (raw_data ->> 'deposit')"
                        + " FROM companies"))
                .isEqualTo("55.6462230 12345678901234567890 1.50");
    }

    @Test
    void namesAreFoundWhateverTheirCase() throws SQLException {
        assertThat(one("SELECT count(*) > 0 FROM clients WHERE name ILIKE '%АННА%'"))
                .isEqualTo("t");
    }

    @Test
    void writesToAKeptDirectoryAreSyncedToDisk() throws SQLException {
        assertThat(one("SELECT current_setting('fsync') || current_setting('synchronous_commit')"))
                .isEqualTo("onon");
    }

    @Test
    void aDirectoryInUseIsRefusedAtOnce() {
        assertThatThrownBy(() -> EmbeddedSides.start(dataDir))
                .isInstanceOf(DemoFailure.class)
                .hasMessageContaining("still runs as process");
    }

    @Test
    void aSecondStartOnTheSameDirectoryFindsTheRowsOfTheFirst() throws SQLException {
        run("CREATE SCHEMA of_the_first CREATE TABLE mark (id int)");
        sides.close();
        assertThat(dataDir.resolve("target-15/postmaster.pid")).doesNotExist();
        sides = EmbeddedSides.start(dataDir);
        assertThat(one("SELECT to_regclass('of_the_first.mark') IS NOT NULL")).isEqualTo("t");
    }

    @Test
    void aServerThatCannotStartSaysWhyAndLeavesNoneRunning(@TempDir Path own) throws Exception {
        Files.writeString(Files.createDirectory(own.resolve("target-15")).resolve("stray"), "not a cluster");
        assertThatThrownBy(() -> EmbeddedSides.start(own))
                .isInstanceOf(DemoFailure.class)
                .hasMessageContaining("target")
                .hasMessageContaining("not empty");
        assertThat(own.resolve("legacy-15/postmaster.pid")).doesNotExist();
    }

    private static String one(String sql) throws SQLException {
        try (Connection connection = sides.legacy().jdbc().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private static void run(String sql) throws SQLException {
        try (Connection connection = sides.legacy().jdbc().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
