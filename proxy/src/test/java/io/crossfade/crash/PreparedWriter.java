package io.crossfade.crash;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/** Transactions that are prepared early and committed late, so that crashes come in between. */
final class PreparedWriter implements Load.Writer {
    private static final int OUTSTANDING = 4;

    private final SqlSession session;
    private final Ledger ledger;
    private final Deque<String> prepared = new ArrayDeque<>();
    private long next = 900_000_000;

    PreparedWriter(CrashRig rig, Ledger ledger) {
        this.session = new SqlSession(rig);
        this.ledger = ledger;
    }

    @Override
    public void write() {
        if (prepared.size() >= OUTSTANDING) {
            var unused = commitOldest();
            return;
        }
        String id = UUID.randomUUID().toString();
        long row = next++;
        prepared.add(id);
        // What became of it where the answer is lost, is asked for when it is committed.
        var unused = session.run("BEGIN; INSERT INTO ledger VALUES ('" + id + "', 'prepared', " + row
                + "); INSERT INTO staff (id, shop) VALUES (" + row + ", 'base'); INSERT INTO events VALUES (" + row
                + ", 'prepared'); PREPARE TRANSACTION '" + id + "'");
    }

    @Override
    public boolean settle() {
        while (!prepared.isEmpty()) {
            if (!commitOldest()) {
                return false;
            }
        }
        return true;
    }

    private boolean commitOldest() {
        String id = prepared.element();
        Boolean there = session.finds("SELECT FROM pg_prepared_xacts WHERE gid = '" + id + "'");
        if (there == null || (there && !session.run("COMMIT PREPARED '" + id + "'"))) {
            return false;
        }
        if (there) {
            ledger.acknowledge(id);
        }
        prepared.remove();
        return true;
    }
}
