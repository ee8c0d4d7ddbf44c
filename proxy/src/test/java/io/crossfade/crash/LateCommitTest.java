package io.crossfade.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Transactions that take their numbers in the journal in one order and commit in another. */
class LateCommitTest {
    private static final int PAYERS = 10;
    private static final int STEPS = 1_500;
    private static final long SEED = Long.getLong("crash.seed", 5);
    private static final String ACCOUNTS = """
            CREATE TABLE cash (id integer PRIMARY KEY, amount integer NOT NULL);
            CREATE TABLE debts (id integer PRIMARY KEY, amount integer NOT NULL);
            INSERT INTO cash SELECT i, 100 FROM generate_series(1, 10) AS i;
            INSERT INTO debts SELECT i, 100 FROM generate_series(1, 10) AS i""";
    private static final String HALVES =
            "SELECT count(*) FROM cash JOIN debts USING (id) WHERE cash.amount + debts.amount <> 200";

    @Test
    void noneIsLostAndNoReaderOfTheTargetEverSeesHalfOfOne() throws Exception {
        try (CrashRig rig = new CrashRig(ACCOUNTS, "", Map.of("cash", "bank", "debts", "bank"));
                var proxy = rig.proxy()) {
            assertThat(proxy.isAlive()).isTrue();
            AtomicBoolean writing = new AtomicBoolean(true);
            CompletableFuture<Long> reads = CompletableFuture.supplyAsync(() -> {
                long count = 0;
                while (writing.get()) {
                    assertThat(rig.target.number(HALVES)).isZero();
                    count++;
                }
                return count;
            });
            List<Payer> payers = new ArrayList<>();
            for (int i = 1; i <= PAYERS; i++) {
                payers.add(new Payer(rig.session(), i));
            }
            Random random = new Random(SEED);
            for (int step = 0; step < STEPS && !reads.isDone(); step++) {
                payers.get(random.nextInt(PAYERS)).step(random);
            }
            for (Payer payer : payers) {
                payer.finish();
            }
            rig.awaitDrained();
            writing.set(false);
            assertThat(reads.join()).isPositive();
            rig.assertBothSidesEqual();
            assertThat(rig.target.number("SELECT count(*) FROM cash WHERE amount <> 100"))
                    .isPositive();
        }
    }

    /** Pays in single steps, so that others commit in between; the last payment may wait as a prepared transaction. */
    private static final class Payer {
        private final Connection session;
        private final int account;
        private int at;

        Payer(Connection session, int account) {
            this.session = session;
            this.account = account;
        }

        void step(Random random) throws SQLException {
            int amount = 1 + random.nextInt(9);
            switch (at) {
                case 0 ->
                    run("BEGIN; UPDATE cash SET amount = amount + " + amount + " WHERE id = " + account
                            + "; SET LOCAL crossfade_test.amount = '" + amount + "'");
                case 1 ->
                    run("UPDATE debts SET amount = amount - current_setting('crossfade_test.amount')::integer"
                            + " WHERE id = " + account);
                case 2 -> {
                    boolean now = random.nextInt(3) > 0;
                    run(now ? "COMMIT" : "PREPARE TRANSACTION 'payer " + account + "'");
                    at = now ? -1 : 2;
                }
                default -> {
                    run("COMMIT PREPARED 'payer " + account + "'");
                    at = -1;
                }
            }
            at++;
        }

        void finish() throws SQLException {
            Random committing = new Random(0);
            while (at != 0) {
                step(committing);
            }
            session.close();
        }

        private void run(String sql) throws SQLException {
            CrashRig.execute(session, sql);
        }
    }
}
