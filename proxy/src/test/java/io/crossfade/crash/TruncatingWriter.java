package io.crossfade.crash;

import java.util.Random;
import java.util.UUID;

/** Empties a table now and then, in a transaction that goes on. */
final class TruncatingWriter implements Load.Writer {
    private final SqlSession session;
    private final Ledger ledger;
    private final Random random;
    private long next = 800_000_000;

    TruncatingWriter(CrashRig rig, Ledger ledger, long seed) {
        this.session = new SqlSession(rig);
        this.ledger = ledger;
        this.random = new Random(seed);
    }

    @Override
    public void write() {
        String id = UUID.randomUUID().toString();
        String first = random.nextInt(10) == 0 ? "TRUNCATE scratch" : "DELETE FROM scratch WHERE id > 990";
        if (session.run(
                "BEGIN; " + first + "; INSERT INTO scratch SELECT " + next + " + n, 'word' FROM generate_series(1, "
                        + random.nextInt(20) + ") AS n; INSERT INTO ledger VALUES ('" + id + "', 'truncating', " + next
                        + "); COMMIT")) {
            ledger.acknowledge(id);
        }
        next += 100;
    }

    @Override
    public boolean settle() {
        return true;
    }
}
