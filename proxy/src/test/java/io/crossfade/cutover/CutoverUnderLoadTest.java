package io.crossfade.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The authority goes back and forth while two proxies in processes of their own, and scripts past them, go on. {@code
 * -Dcutover.rounds=100} makes it long.
 */
@SuppressWarnings("try") // The callers go on beside what is done, and end with the block.
class CutoverUnderLoadTest {
    private static final int ROUNDS = Integer.getInteger("cutover.rounds", 20);

    @Test
    @Timeout(36_000)
    void theAuthorityGoesBackAndForthAndNoCallFailsOrIsLostOrDoneTwice() {
        Accounts accounts = new Accounts();
        List<Double> held = new ArrayList<>();
        try (MoveRig rig = new MoveRig(Duration.ofSeconds(5))) {
            try (Callers callers = Callers.start(
                    accounts,
                    List.of(
                            new RestCaller(rig.one, accounts, true),
                            new RestCaller(rig.one, accounts, true),
                            new RestCaller(rig.other, accounts, true),
                            new RestCaller(rig.other, accounts, true),
                            new SqlCaller(rig, accounts, 1, 1, true),
                            new SqlCaller(rig, accounts, 2, 2, true),
                            new Watch(rig, accounts)))) {
                accounts.awaitMore(20);
                for (int round = 0; round < ROUNDS; round++) {
                    Instance driver = round % 2 == 0 ? rig.one : rig.other;
                    held.add(rig.move(driver, "cutover"));
                    assertThat(rig.awaitSettled()).isEqualTo(Side.TARGET);
                    accounts.awaitMore(20);
                    held.add(rig.move(rig.besides(driver), "rollback"));
                    assertThat(rig.awaitSettled()).isEqualTo(Side.LEGACY);
                    accounts.awaitMore(20);
                    rig.toRollout(50);
                }
                accounts.awaitMore(20);
            }
            rig.awaitEqual();
            accounts.expectKept(rig.legacy);
            accounts.expectKept(rig.target);
            for (Side side : Side.values()) {
                assertThat(rig.on(side).rows("SELECT undo FROM crossfade.undo WHERE purpose = 'autovacuum'"))
                        .isEmpty();
            }
        }
        Collections.sort(held);
        System.out.printf(
                "Writes were held, in ms, over %d moves: median %.1f, most %.1f; %d writes were acknowledged%n",
                held.size(), held.get(held.size() / 2), held.get(held.size() - 1), accounts.acknowledged());
    }
}
