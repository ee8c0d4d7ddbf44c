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

    /** One row is changed, one goes with its children, one moves its children, two exchange what is unique. */
    private static void write(CrashRig rig, int round) {
        int a = 1 + round % 5;
        int b = 1 + (round + 1) % 5;
        rig.legacy.execute("BEGIN; UPDATE clients SET salon = " + b + " WHERE salon = " + a
                + "; DELETE FROM salons WHERE id = "
                + a + "; INSERT INTO salons VALUES (" + a + ", 'new " + round + "'); INSERT INTO clients VALUES ("
                + (100 + round) + ", " + a + "); UPDATE salons SET word = word || '.' WHERE id = " + b + "; COMMIT");
    }
}
