package io.crossfade.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.crash.Faults.Kind;
import io.crossfade.testing.CopiedSlices;
import io.crossfade.testing.Scripts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Under a mixed load everything is killed that can be. {@code -Dcrash.rounds=500} makes it long, and {@code
 * -Dcrash.seed=…} repeats one that failed.
 */
class CrashMatrixTest {
    private static final int ROUNDS = Integer.getInteger("crash.rounds", 32);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final Map<String, String> GROUPS = groups();

    @Test
    @Timeout(36_000)
    void everyAcknowledgedWriteIsOnBothSidesWhateverDies() {
        System.out.println("Crash matrix: " + ROUNDS + " rounds, -Dcrash.seed=" + SEED);
        Random random = new Random(SEED);
        try (CrashRig rig =
                new CrashRig(Scripts.read("/crash/tables.sql"), Scripts.read("/crash/only_on_target.sql"), GROUPS)) {
            CopiedSlices.watch(rig.target);
            Ledger ledger = new Ledger();
            Faults faults = new Faults(rig, random, ledger::acknowledged);
            List<Load.Writer> writers = List.of(
                    new SqlWriter(rig, ledger, 1, random.nextLong()),
                    new SqlWriter(rig, ledger, 2, random.nextLong()),
                    new PreparedWriter(rig, ledger),
                    new TruncatingWriter(rig, ledger, random.nextLong()),
                    new RestWriter(faults::rest, ledger, random.nextLong()),
                    new RestWriter(faults::rest, ledger, random.nextLong()));
            for (Kind kind : kinds(random)) {
                underLoad(writers, faults, kind);
                assertNothingLost(rig, ledger, kind);
            }
            long copied = CopiedSlices.count(rig.target);
            System.out.println("Crash matrix: " + copied + " slices went by COPY");
            assertThat(copied).as("slices that went by COPY").isPositive();
        }
    }

    private static void underLoad(List<Load.Writer> writers, Faults faults, Kind kind) {
        Load load = Load.start(writers);
        try {
            faults.happen(Kind.NOTHING);
            faults.happen(kind);
            faults.happen(Kind.NOTHING);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(kind + ", -Dcrash.seed=" + SEED + ": " + e.getMessage(), e);
        } finally {
            load.close();
        }
    }

    private static void assertNothingLost(CrashRig rig, Ledger ledger, Kind kind) {
        try {
            rig.awaitDrained();
            rig.assertBothSidesEqual();
            ledger.assertKept(rig.legacy, "legacy");
            ledger.assertKept(rig.target, "target");
            assertThat(rig.target.rows("SELECT id, only_here FROM staff WHERE id <= 20 AND only_here <> 'kept ' || id"))
                    .as("columns that only the target has")
                    .isEmpty();
            for (String table : GROUPS.keySet()) {
                assertThatThrownBy(() -> rig.target.execute("DELETE FROM " + table))
                        .as("the fence of " + table)
                        .rootCause()
                        .hasMessageContaining("writes to \"" + table + "\" are refused here");
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("after " + kind + ", -Dcrash.seed=" + SEED + ": " + e.getMessage(), e);
        }
    }

    /** Every kind comes, as far as the rounds go; those that cost little come often. */
    private static List<Kind> kinds(Random random) {
        List<Kind> every = List.of(Kind.values());
        List<Kind> kinds = new ArrayList<>(every);
        while (kinds.size() < ROUNDS) {
            kinds.add(
                    random.nextInt(4) > 0
                            ? random.nextBoolean()
                                    ? Kind.THE_WIRE_TO_LEGACY_BREAKS_IN_A_MESSAGE
                                    : Kind.THE_WIRE_TO_TARGET_BREAKS_IN_A_MESSAGE
                            : every.get(random.nextInt(every.size())));
        }
        Collections.shuffle(kinds, random);
        return kinds;
    }

    private static Map<String, String> groups() {
        Map<String, String> groups = new TreeMap<>();
        List.of("shops", "staff", "visits", "reviews").forEach(table -> groups.put(table, "salon"));
        List.of("cash", "debts").forEach(table -> groups.put(table, "bank"));
        List.of("bookings", "ledger", "scratch", "events").forEach(table -> groups.put(table, table));
        return groups;
    }
}
