package io.crossfade.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TcpRelay.Direction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A batch is cut off after its first byte, then after some more, and so on to its end, on either wire and in either
 * direction: so a crash comes at every step of the replay. {@code -Dcrash.rounds=500} makes the steps small.
 */
class EveryByteTest {
    private static final int ROUNDS = Integer.getInteger("crash.rounds", 40);
    /** More than a batch of these tables sends or gets. */
    private static final int LONGEST = 5_000;

    @Test
    @Timeout(36_000)
    void aBatchThatIsCutOffAtAnyByteIsRepeatedAndLosesNothing() {
        try (CrashRig rig = new CrashRig("""
                        CREATE TABLE salons (id integer PRIMARY KEY, word text UNIQUE);
                        CREATE TABLE clients (id integer PRIMARY KEY, salon integer REFERENCES salons ON DELETE CASCADE);
                        INSERT INTO salons SELECT n, n FROM generate_series(1, 5) AS n;
                        INSERT INTO clients SELECT n, n FROM generate_series(1, 5) AS n""", "", Map.of("salons", "salons", "clients", "salons"));
                var proxy = rig.proxy()) {
            int step = Math.max(1, LONGEST * 4 / ROUNDS);
            int round = 0;
            for (TcpRelay wire : List.of(rig.legacyWire, rig.targetWire)) {
                for (Direction direction : Direction.values()) {
                    for (int bytes = 1; bytes < LONGEST; bytes += step) {
                        wire.severAfter(direction, bytes);
                        write(rig, round++);
                        CrashRig.await("the wire broke", wire::isWhole);
                        rig.awaitDrained();
                        rig.assertBothSidesEqual();
                    }
                }
            }
            assertThat(proxy.isAlive()).isTrue();
        }
    }

    /** Children move to a new parent, their old one goes for good, a name that may be there only once moves on. */
    private static void write(CrashRig rig, int round) {
        int parent = 10 + round;
        rig.legacy.execute("BEGIN; UPDATE salons SET word = 'old' WHERE word = 'best'; INSERT INTO salons VALUES ("
                + parent
                + ", 'best'); UPDATE clients SET salon = " + parent + "; INSERT INTO clients VALUES (" + parent + ", "
                + parent + "); DELETE FROM salons WHERE id <> " + parent + "; DELETE FROM clients WHERE id < "
                + (round - 3)
                + "; COMMIT");
    }
}
