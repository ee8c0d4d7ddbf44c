package io.crossfade.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.ProxyProcess;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A long backlog is taken in slices. */
class BoundedMemoryTest {
    private static final int ROWS = 120_000;

    @Test
    void aBacklogThatIsLargerThanTheHeapIsDrained() {
        try (CrashRig rig = new CrashRig(
                "CREATE TABLE clients (id integer PRIMARY KEY, name text, note text)",
                "",
                Map.of("clients", "clients"))) {
            // Two kilobytes each, and one statement, so that one entry after the other is full.
            rig.legacy.execute(
                    "INSERT INTO clients SELECT n, 'client ' || n, repeat(md5(n::text), 64) FROM generate_series(1, "
                            + ROWS + ") AS n");
            ProxyProcess proxy = rig.proxy("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
            CrashRig.await(
                    "the backlog is drained",
                    Duration.ofSeconds(150),
                    () -> !proxy.isAlive() || rig.legacy.number("SELECT count(*) FROM crossfade.journal") == 0);
            assertThat(proxy.isAlive()).isTrue();
            String sum = "SELECT count(*) || ' ' || sum(hashtextextended(c::text, 0)) FROM clients AS c";
            assertThat(rig.target.value(sum)).isEqualTo(rig.legacy.value(sum)).startsWith(ROWS + " ");
        }
    }

    @Test
    void rowsOfWhichAFewThousandWouldFillTheHeapAreDrained() {
        try (CrashRig rig = new CrashRig(
                "CREATE TABLE clients (id integer PRIMARY KEY, name text, note text)",
                "",
                Map.of("clients", "clients"))) {
            // Two hundred kilobytes each, in one entry for a thousand of them; the database packs them well.
            rig.legacy.execute("INSERT INTO clients SELECT n, 'client ' || n, repeat(md5(n::text), 6250)"
                    + " FROM generate_series(1, 1500) AS n");
            ProxyProcess proxy = rig.proxy("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
            CrashRig.await(
                    "the backlog is drained",
                    Duration.ofMinutes(5),
                    () -> !proxy.isAlive() || rig.legacy.number("SELECT count(*) FROM crossfade.journal") == 0);
            assertThat(proxy.isAlive()).isTrue();
            String sum = "SELECT count(*) || ' ' || sum(hashtextextended(c::text, 0)) FROM clients AS c";
            assertThat(rig.target.value(sum)).isEqualTo(rig.legacy.value(sum)).startsWith("1500 ");
        }
    }
}
