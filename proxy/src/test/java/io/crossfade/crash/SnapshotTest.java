package io.crossfade.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TcpRelay.Direction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a snapshot of legacy may show, and what it may not. */
class SnapshotTest {
    private static final String NOTES = """
            CREATE TABLE notes (key text PRIMARY KEY, word text);
            INSERT INTO notes SELECT 'key ' || n, 'word' FROM generate_series(1, 50) AS n""";

    @Test
    void whatTheTargetShowsIsThereAfterACrashOfLegacy() throws Exception {
        try (CrashRig rig = new CrashRig(NOTES, "", Map.of("notes", "notes"));
                var proxy = rig.proxy()) {
            assertThat(proxy.isAlive()).isTrue();
            rig.legacy.execute("UPDATE notes SET word = 'led'");
            rig.awaitDrained();
            // The end of the entries would flush legacy's log, so it must not get there.
            rig.targetWire.whenSeen(Direction.TO_DATABASE, "hardly committed", rig.legacyWire::hold);
            try (Connection careless = rig.session()) {
                CrashRig.execute(
                        careless, "SET synchronous_commit = off; INSERT INTO notes VALUES ('x', 'hardly committed')");
            }
            CrashRig.await(
                    "the target shows it", () -> rig.target.number("SELECT count(*) FROM notes WHERE key = 'x'") == 1);
            rig.crash(rig.legacyServer, () -> {});
            rig.legacyWire.release();
            rig.awaitDrained();
            rig.assertBothSidesEqual();
            assertThat(rig.legacy.number("SELECT count(*) FROM notes WHERE key = 'x'"))
                    .isEqualTo(1);
        }
    }

    /** Rows that a rewrite has moved are invisible to older snapshots, as if they had been deleted. */
    @Test
    void aRewriteBetweenTheEntriesAndTheirRowsDeletesNothing() throws Exception {
        try (CrashRig rig = new CrashRig(NOTES, "", Map.of("notes", "notes"));
                var proxy = rig.proxy()) {
            assertThat(proxy.isAlive()).isTrue();
            TcpRelay wire = rig.legacyWire;
            wire.whenSeen(Direction.FROM_DATABASE, "key 7", wire::hold);
            rig.legacy.execute("UPDATE notes SET word = 'changed' WHERE key = 'key 7'");
            CrashRig.await("the entry is read", wire::isSeen);
            CrashRig.await("its row is about to be read", wire::isHolding);
            try (Connection owner = rig.session()) {
                CompletableFuture<Void> rewritten = CompletableFuture.runAsync(() -> rewrite(owner));
                CrashRig.await(
                        "the rewrite is done or waits",
                        () -> rewritten.isDone()
                                || rig.legacy.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
                wire.release();
                rewritten.join();
            }
            rig.awaitDrained();
            String rows = "SELECT key, word FROM notes ORDER BY key";
            assertThat(rig.target.rows(rows)).isEqualTo(rig.legacy.rows(rows));
            assertThat(rig.target.number("SELECT count(*) FROM notes WHERE word = 'changed'"))
                    .isEqualTo(1);
        }
    }

    private static void rewrite(Connection owner) {
        try {
            CrashRig.execute(owner, "ALTER TABLE notes ADD COLUMN luck float8 DEFAULT random()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
