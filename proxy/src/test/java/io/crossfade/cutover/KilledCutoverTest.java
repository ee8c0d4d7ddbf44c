package io.crossfade.cutover;

import io.crossfade.migration.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whoever takes part in a move dies at each of its moments: afterwards one side is the authority, its fence agrees with its
 * state, and nothing that was acknowledged is missing. {@code -Dcutover.kills=10} repeats everything ten times, and {@code
 * -Dcutover.seed=…} repeats one order.
 */
@SuppressWarnings("try") // The callers go on beside what is done, and end with the block.
class KilledCutoverTest {
    private static final int TIMES = Integer.getInteger("cutover.kills", 1);
    private static final long SEED = Long.getLong("cutover.seed", System.nanoTime());

    /** Who dies. */
    private enum Victim {
        THE_DRIVER,
        THE_OTHER_PROXY,
        LEGACY,
        TARGET
    }

    private record Death(Moment moment, Victim victim) {}

    @Test
    @Timeout(36_000)
    void whoeverDiesAtWhateverMomentOneSideIsTheAuthorityAndNothingAcknowledgedIsMissing() {
        Random random = new Random(SEED);
        List<Death> deaths = deaths(random);
        System.out.println("Killed cutover: " + deaths.size() + " deaths, -Dcutover.seed=" + SEED);
        Accounts accounts = new Accounts();
        try (MoveRig rig = new MoveRig(Duration.ofSeconds(4))) {
            for (Death death : deaths) {
                Instance driver = random.nextBoolean() ? rig.one : rig.other;
                try {
                    survive(rig, accounts, death, driver, random);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(
                            death + ", driven by " + driver.name + ", -Dcutover.seed=" + SEED + "; " + said(rig), e);
                }
            }
        }
    }

    /** A server that did not come back says nothing. */
    private static String said(MoveRig rig) {
        try {
            return "legacy says " + rig.row(Side.LEGACY) + ", target says " + rig.row(Side.TARGET);
        } catch (RuntimeException away) {
            return String.valueOf(away.getMessage());
        }
    }

    private static void survive(MoveRig rig, Accounts accounts, Death death, Instance driver, Random random) {
        Side from = rig.awaitSettled();
        if (from == Side.LEGACY) {
            rig.toRollout(50);
        }
        try (Callers callers = Callers.start(
                accounts,
                List.of(
                        new RestCaller(rig.one, accounts, false),
                        new RestCaller(rig.other, accounts, false),
                        new SqlCaller(rig, accounts, 1, random.nextLong(), false),
                        new SqlCaller(rig, accounts, 2, random.nextLong(), false),
                        new Watch(rig, accounts)))) {
            accounts.awaitMore(10);
            var unused = death.moment().reach(rig, driver, from);
            happen(rig, death.victim(), driver);
            MoveRig.await("both proxies answer", () -> rig.one.answers() && rig.other.answers());
            var unusedToo = rig.awaitSettled();
            accounts.awaitMore(20);
        }
        rig.awaitEqual();
        accounts.expectKept(rig.legacy);
        accounts.expectKept(rig.target);
    }

    /** When it returns, everything is there again. */
    private static void happen(MoveRig rig, Victim victim, Instance driver) {
        switch (victim) {
            case THE_DRIVER -> {
                driver.kill();
                mend(driver);
                driver.start();
            }
            case THE_OTHER_PROXY -> {
                rig.besides(driver).kill();
                mend(driver);
                rig.besides(driver).start();
            }
            case LEGACY -> rig.crash(Side.LEGACY, () -> mend(driver));
            case TARGET -> rig.crash(Side.TARGET, () -> mend(driver));
        }
    }

    /** What was held goes on; what a wire did not carry is gone for good, and so are its connections. */
    private static void mend(Instance driver) {
        for (Side side : Side.values()) {
            if (driver.wireTo(side).isSilent()) {
                driver.wireTo(side).sever();
            }
        }
        driver.mendWires();
    }

    private static List<Death> deaths(Random random) {
        List<Death> deaths = new ArrayList<>();
        for (int time = 0; time < TIMES; time++) {
            for (Moment moment : Moment.values()) {
                for (Victim victim : Victim.values()) {
                    deaths.add(new Death(moment, victim));
                }
            }
        }
        Collections.shuffle(deaths, random);
        return deaths;
    }
}
