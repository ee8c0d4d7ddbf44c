package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.settings.SideSettings;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The numbers of {@code docs/measurements/what-replay-costs.md}; run with {@code -Dmeasure=true}. */
@EnabledIfSystemProperty(named = "measure", matches = "true")
class ReplayCostTest {
    private static final String TABLE = """
            CREATE TABLE clients (id bigint PRIMARY KEY, phone text NOT NULL UNIQUE, name text, visits integer,
              spent numeric(12,2), last_visit timestamptz, tags text[], details jsonb)""";
    private static final String ROWS = """
            SELECT i, '+7' || i, 'Клиент номер ' || i, i % 50, i * 1.25, now() - i * interval '1 minute',
              ARRAY['a', 'b'], jsonb_build_object('note', repeat('текст ', 20), 'n', i) FROM generate_series(1, 100000) i""";

    @Test
    void drainingABacklogAgainstAPlainInsert() {
        try (ReplayFixture sides = ReplayFixture.withTables(TABLE)) {
            sides.authority.execute("INSERT INTO clients " + ROWS);
            sides.shadow.execute("CREATE TABLE source (LIKE clients); INSERT INTO source " + ROWS);
            sides.shadow.execute("CREATE TABLE plain (LIKE clients INCLUDING ALL)");
            double[] plain = new double[3];
            for (int i = 0; i < plain.length; i++) {
                sides.shadow.execute("TRUNCATE plain");
                long start = System.nanoTime();
                sides.shadow.execute("INSERT INTO plain SELECT * FROM source");
                plain[i] = seconds(start);
            }
            Arrays.sort(plain);
            long start = System.nanoTime();
            Replayer replayer = sides.start();
            sides.replayed(replayer);
            double inserted = seconds(start);
            sides.authority.execute("UPDATE clients SET visits = visits + 1");
            start = System.nanoTime();
            sides.replayed(replayer);
            double updated = seconds(start);
            sides.authority.execute("DELETE FROM clients");
            start = System.nanoTime();
            sides.replayed(replayer);
            double deleted = seconds(start);
            System.out.printf(
                    "plain %.2f s, replayed inserts %.2f s (ratio %.2f), updates %.2f s (%.2f), deletes %.2f s%n",
                    plain[1], inserted, plain[1] / inserted, updated, plain[1] / updated, deleted);
            assertThat(sides.shadow.number("SELECT count(*) FROM clients")).isZero();
        }
    }

    @Test
    void fromTheCommitToTheShadow() {
        try (ReplayFixture sides = ReplayFixture.withTables(TABLE)) {
            sides.authority.execute("INSERT INTO clients " + ROWS.replace("100000", "1000"));
            Replayer replayer = sides.start();
            sides.replayed(replayer);
            double[] millis = new double[2_000];
            for (int i = 0; i < millis.length; i++) {
                sides.authority.execute("UPDATE clients SET visits = visits + 1 WHERE id = " + (i % 1_000 + 1));
                long start = System.nanoTime();
                sides.replayed(replayer);
                millis[i] = seconds(start) * 1_000;
            }
            double[] last = Arrays.copyOfRange(millis, 1_000, 2_000);
            Arrays.sort(last);
            System.out.printf("commit to applied, nudged: p50 %.2f ms, p99 %.2f ms%n", last[500], last[990]);
            assertThat(last[500]).isPositive();
        }
    }

    @Test
    void fromAForeignCommitToTheShadow() {
        try (ReplayFixture sides = ReplayFixture.withTables(TABLE)) {
            sides.authority.execute("INSERT INTO clients " + ROWS.replace("100000", "1000"));
            Replayer replayer = sides.start(ReplaySettings.DEFAULTS);
            sides.replayed(replayer);
            double[] millis = new double[600];
            for (int i = 0; i < millis.length; i++) {
                OffsetDateTime committed = OffsetDateTime.parse(
                        sides.authority.value(
                                "UPDATE clients SET visits = visits + 1 WHERE id = " + (i % 1_000 + 1)
                                        + " RETURNING to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
                long start = System.nanoTime();
                ReplayFixture.await("it is there", () -> {
                    OffsetDateTime asOf = replayer.progress("shop").asOf();
                    return asOf != null && asOf.isAfter(committed);
                });
                millis[i] = seconds(start) * 1_000;
            }
            Arrays.sort(millis);
            System.out.printf(
                    "commit to applied, found by the poll: p50 %.2f ms, p99 %.2f ms%n", millis[300], millis[594]);
            assertThat(millis[300]).isPositive();
        }
    }

    @Test
    void aLookBesideALongReader() throws Exception {
        try (ReplayFixture sides = ReplayFixture.withTables(TABLE);
                Session session = Session.open(
                        sides.vertx, SideSettings.at(sides.authority.connectOptions()), Duration.ofSeconds(20))) {
            double fresh = look(new JournalLook(session), 300);
            Connection reader = sides.authority.connection();
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (Statement statement = reader.createStatement()) {
                statement.execute("SELECT 1");
            }
            session.run("INSERT INTO crossfade.journal (repository, kind, keys, bypass)"
                    + " SELECT 1, 'keys', ARRAY['{' || i || '}'], false FROM generate_series(1, 100000) i");
            session.run("DELETE FROM crossfade.journal");
            double whole = look(new JournalLook(session), 1);
            JournalLook journal = new JournalLook(session);
            ReplayFixture.await("the floor rises", () -> {
                var unused = journal.seen(journal.ask());
                return journal.floor().id() >= 100_000;
            });
            double above = look(journal, 300);
            System.out.printf(
                    "a look: empty journal %.2f ms, beside a reader and 100,000 dead entries %.2f ms without a floor,"
                            + " %.2f ms above it%n",
                    fresh, whole, above);
            reader.rollback();
            reader.setAutoCommit(true);
            assertThat(above).isPositive();
        }
    }

    /** The median, in milliseconds. */
    private static double look(JournalLook journal, int times) {
        double[] millis = new double[times];
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            var unused = journal.seen(journal.ask());
            millis[i] = seconds(start) * 1_000;
        }
        Arrays.sort(millis);
        return millis[times / 2];
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
