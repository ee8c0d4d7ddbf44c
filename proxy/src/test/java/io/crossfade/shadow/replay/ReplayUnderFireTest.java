package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.observation.Observation.SteppedDown;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TcpRelay;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What must hold whatever dies, sleeps or comes late. */
class ReplayUnderFireTest {
    private static final String ACCOUNTS = """
            CREATE TABLE cash (id integer PRIMARY KEY, amount integer NOT NULL, note text);
            CREATE TABLE debts (id integer PRIMARY KEY, amount integer NOT NULL);
            INSERT INTO cash SELECT i, 100 FROM generate_series(1, 20) i;
            INSERT INTO debts SELECT i, 100 FROM generate_series(1, 20) i""";
    private static final String TOTAL = "SELECT (SELECT sum(amount) FROM cash) + (SELECT sum(amount) FROM debts)";

    private final ReplayFixture sides = ReplayFixture.withTables(ACCOUNTS);

    @AfterEach
    void close() {
        sides.close();
    }

    @Test
    void noReaderOfTheShadowSeesHalfATransaction() {
        Replayer replayer = sides.start();
        AtomicBoolean writing = new AtomicBoolean(true);
        CompletableFuture<Long> reads = CompletableFuture.supplyAsync(() -> {
            long count = 0;
            while (writing.get()) {
                assertThat(sides.shadow.number(TOTAL)).isEqualTo(4_000);
                count++;
            }
            return count;
        });
        Random random = new Random(1);
        for (int i = 0; i < 400; i++) {
            transfer(random);
            replayer.nudge("shop");
        }
        sides.replayed(replayer);
        writing.set(false);
        assertThat(reads.join()).isPositive();
        equalAtLast();
        assertThat(sides.shadow.number("SELECT count(*) FROM cash WHERE amount <> 100"))
                .isPositive();
    }

    @Test
    void anEntryThatTookItsNumberEarlyAndCommittedLateIsNotLost() throws Exception {
        Replayer replayer = sides.start();
        try (Connection late = open();
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("UPDATE cash SET amount = 7 WHERE id = 1");
            sides.authority.execute("UPDATE cash SET amount = 8 WHERE id = 2");
            sides.replayed(replayer);
            assertThat(sides.shadow.number("SELECT amount FROM cash WHERE id = 2"))
                    .isEqualTo(8);
            late.commit();
        }
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT amount FROM cash WHERE id = 1")).isEqualTo(7);
    }

    @Test
    void aLeaderThatSleptInTheMiddleOfABatchIsRefusedAndOverwritesNothing() throws Exception {
        ReplaySettings impatient = ReplaySettings.DEFAULTS.withLimits(Duration.ofSeconds(4), Duration.ofMillis(500));
        try (TcpRelay sleepy = new TcpRelay(sides.shadow.connectOptions());
                Connection blocker = DriverManager.getConnection(
                        "jdbc:postgresql://" + PostgresServers.target().host() + ":"
                                + PostgresServers.target().port() + "/"
                                + sides.shadow.connectOptions().getDatabase(),
                        PostgresServers.target().user(),
                        PostgresServers.target().password());
                Statement block = blocker.createStatement()) {
            Replayer sleeper = sides.start(sides.authority.connectOptions(), sleepy.connectOptions(), impatient);
            sides.replayed(sleeper);
            long token = sides.shadow.number("SELECT token FROM crossfade.replayer");
            // The leader has read its snapshot and now waits for its first statement on the shadow.
            blocker.setAutoCommit(false);
            block.execute("SELECT FROM crossfade.replayer FOR UPDATE");
            sides.authority.execute("UPDATE cash SET amount = 1 WHERE id = 1");
            sleeper.nudge("shop");
            ReplayFixture.await(
                    "the leader waits",
                    () -> sides.shadow.number("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                                    + " WHERE NOT l.granted AND a.datname = current_database()")
                            > 0);
            block.execute("UPDATE crossfade.replayer SET token = token + 1");
            sides.authority.execute("UPDATE cash SET amount = 2 WHERE id = 1");
            block.execute("SET session_replication_role = replica");
            block.execute("UPDATE cash SET amount = 2 WHERE id = 1");
            blocker.commit();
            ReplayFixture.await("the leader steps down", () -> sides.observed(SteppedDown.class));
            assertThat(sides.shadow.number("SELECT token FROM crossfade.replayer"))
                    .isGreaterThan(token);
            sides.replayed(sleeper);
            assertThat(sides.shadow.number("SELECT amount FROM cash WHERE id = 1"))
                    .isEqualTo(2);
        }
    }

    @Test
    void anotherInstanceTakesOverFromALeaderWhoseWireWentSilent() {
        ReplaySettings impatient = ReplaySettings.DEFAULTS.withLimits(Duration.ofSeconds(3), Duration.ofSeconds(1));
        try (TcpRelay wire = new TcpRelay(sides.shadow.connectOptions())) {
            Replayer first = sides.start(sides.authority.connectOptions(), wire.connectOptions(), impatient);
            sides.replayed(first);
            Replayer second = sides.start(impatient);
            ReplayFixture.await(
                    "the second follows", () -> second.progress("shop").asOf() != null);
            assertThat(second.progress("shop").leading()).isFalse();
            wire.silence();
            sides.authority.execute("UPDATE cash SET amount = 3");
            ReplayFixture.await(
                    "the second leads", () -> second.progress("shop").leading());
            sides.replayed(second);
            equalAtLast();
            assertThat(sides.shadow.number("SELECT min(amount) FROM cash")).isEqualTo(3);
            ReplayFixture.await(
                    "the first noticed", () -> !first.progress("shop").leading());
        }
    }

    @Test
    void nothingIsLostThoughWiresAreCutAtRandomMoments() {
        try (TcpRelay from = new TcpRelay(sides.authority.connectOptions());
                TcpRelay to = new TcpRelay(sides.shadow.connectOptions())) {
            Replayer replayer = sides.start(from.connectOptions(), to.connectOptions(), ReplayFixture.SETTINGS);
            sides.replayed(replayer);
            AtomicBoolean cutting = new AtomicBoolean(true);
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                Random random = new Random(2);
                while (cutting.get()) {
                    transfer(random);
                    replayer.nudge("shop");
                }
            });
            Random random = new Random(3);
            for (int round = 0; round < 25; round++) {
                // A number of round trips decides when the wire is cut, so that every step of a batch is hit.
                int trips = random.nextInt(30);
                for (int i = 0; i < trips; i++) {
                    assertThat(sides.shadow.number(TOTAL)).isEqualTo(4_000);
                }
                TcpRelay wire = random.nextBoolean() ? from : to;
                wire.sever();
                ReplayFixture.await(
                        "it leads again", () -> replayer.progress("shop").leading());
            }
            cutting.set(false);
            writer.join();
            sides.replayed(replayer);
            equalAtLast();
            assertThat(sides.shadow.number("SELECT count(*) FROM cash WHERE amount <> 100"))
                    .isPositive();
        }
    }

    @Test
    void aBacklogIsTakenInSlicesAndSaysSo() {
        sides.authority.execute("INSERT INTO cash SELECT i, 0, repeat('x', 100) FROM generate_series(100, 20099) i");
        Replayer replayer = sides.start(ReplayFixture.SETTINGS.withSliceKeys(1_000));
        boolean caughtUpBeforeItWas = false;
        while (sides.shadow.number("SELECT count(*) FROM cash") < 20_020) {
            caughtUpBeforeItWas |= !replayer.progress("shop").catchingUp()
                    && sides.shadow.number("SELECT count(*) FROM cash") < 20_020;
        }
        assertThat(caughtUpBeforeItWas).isFalse();
        sides.replayed(replayer);
        equalAtLast();
        assertThat(replayer.progress("shop").catchingUp()).isFalse();
    }

    @Test
    void aColumnThatIsAddedOnBothSidesIsReplayedFromThenOn() {
        Replayer replayer = sides.start();
        sides.replayed(replayer);
        sides.shadow.execute("ALTER TABLE cash ADD COLUMN more text");
        sides.authority.execute("ALTER TABLE cash ADD COLUMN more text; UPDATE cash SET more = 'm', amount = 1");
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM cash WHERE more = 'm'"))
                .isEqualTo(20);
    }

    @Test
    void itStopsWhileADatabaseIsSilent() {
        try (TcpRelay wire = new TcpRelay(sides.shadow.connectOptions())) {
            Replayer replayer =
                    sides.start(sides.authority.connectOptions(), wire.connectOptions(), ReplayFixture.SETTINGS);
            sides.replayed(replayer);
            wire.silence();
            sides.authority.execute("UPDATE cash SET amount = 3");
            replayer.nudge("shop");
            assertThat(replayer.stop().await()).isNull();
        }
    }

    private void transfer(Random random) {
        int amount = random.nextInt(50) - 25;
        sides.authority.execute("BEGIN; UPDATE cash SET amount = amount + " + amount + " WHERE id = "
                + (1 + random.nextInt(20)) + "; UPDATE debts SET amount = amount - " + amount + " WHERE id = "
                + (1 + random.nextInt(20)) + "; COMMIT");
    }

    private void equalAtLast() {
        sides.equal("SELECT * FROM cash ORDER BY id");
        sides.equal("SELECT * FROM debts ORDER BY id");
        assertThat(sides.authority.number("SELECT count(*) FROM crossfade.journal"))
                .isZero();
    }

    private Connection open() throws Exception {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + PostgresServers.legacy().host() + ":"
                        + PostgresServers.legacy().port() + "/"
                        + sides.authority.connectOptions().getDatabase(),
                PostgresServers.legacy().user(),
                PostgresServers.legacy().password());
    }
}
