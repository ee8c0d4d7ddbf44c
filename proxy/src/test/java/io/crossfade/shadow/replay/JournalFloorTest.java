package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.settings.SideSettings;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The floor of the journal leaves out what is gone, and nothing that may still come. */
class JournalFloorTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static EmbeddedPostgres server;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("max_prepared_transactions", "2")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        VERTX.close().await();
        server.close();
    }

    @BeforeEach
    void journal() throws Exception {
        execute("DROP SCHEMA IF EXISTS crossfade CASCADE; CREATE SCHEMA crossfade;"
                + " CREATE TABLE crossfade.journal (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                + " repository integer NOT NULL); DROP TABLE IF EXISTS rows; CREATE TABLE rows (i integer)");
    }

    @Test
    void theFloorWaitsForATransactionThatDrewItsNumberEarly() throws Exception {
        try (Connection late = open();
                Statement statement = late.createStatement();
                Session session = session()) {
            late.setAutoCommit(false);
            statement.execute("INSERT INTO rows VALUES (1); INSERT INTO crossfade.journal (repository) VALUES (7)");
            JournalLook journal = new JournalLook(session);
            laterEntriesComeAndGo(journal);
            assertThat(journal.floor().id()).isZero();
            late.commit();
            assertThat(journal.seen(journal.ask()).repositories()).containsExactly(7);
            execute("DELETE FROM crossfade.journal");
            risesTo(journal, 2);
        }
    }

    @Test
    void theFloorWaitsForAPreparedTransaction() throws Exception {
        try (Session session = session()) {
            execute("BEGIN; INSERT INTO rows VALUES (1); INSERT INTO crossfade.journal (repository) VALUES (7);"
                    + " PREPARE TRANSACTION 'late'");
            JournalLook journal = new JournalLook(session);
            laterEntriesComeAndGo(journal);
            assertThat(journal.floor().id()).isZero();
            execute("COMMIT PREPARED 'late'");
            assertThat(journal.seen(journal.ask()).repositories()).containsExactly(7);
        }
    }

    @Test
    void theFloorStaysBelowAnEntryThatNobodyHasReplayedYet() throws Exception {
        try (Session session = session()) {
            JournalLook journal = new JournalLook(session);
            execute("INSERT INTO crossfade.journal (repository) SELECT i FROM generate_series(1, 5) i");
            execute("DELETE FROM crossfade.journal WHERE repository <> 3");
            risesTo(journal, 2);
            assertThat(journal.seen(journal.ask()).repositories()).containsExactly(3);
            execute("DELETE FROM crossfade.journal");
            risesTo(journal, 5);
            execute(
                    "ALTER TABLE crossfade.journal ALTER id RESTART; INSERT INTO crossfade.journal (repository) VALUES (9)");
            assertThat(journal.seen(journal.ask()).repositories()).containsExactly(9);
        }
    }

    /** Numbers are taken after them, and everything but the late transaction ends. */
    private static void laterEntriesComeAndGo(JournalLook journal) throws Exception {
        long start = number("SELECT txid_current()");
        while (number("SELECT txid_current()") < start + 60) {
            execute("INSERT INTO crossfade.journal (repository) VALUES (1)");
            execute("DELETE FROM crossfade.journal WHERE repository = 1");
            var unused = journal.seen(journal.ask());
        }
    }

    private static void risesTo(JournalLook journal, long id) {
        ReplayFixture.await("the floor rises to " + id, () -> {
            var unused = journal.seen(journal.ask());
            return journal.floor().id() >= id;
        });
    }

    private static Session session() {
        return Session.open(
                VERTX,
                SideSettings.at(new PgConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(server.getPort())
                        .setUser("postgres")
                        .setPassword("postgres")
                        .setDatabase("postgres")),
                Duration.ofSeconds(20));
    }

    private static Connection open() throws Exception {
        return server.getPostgresDatabase().getConnection();
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(String sql) throws Exception {
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
