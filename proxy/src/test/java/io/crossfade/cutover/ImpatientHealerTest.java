package io.crossfade.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a move may take is no part of what keeps it safe: others may end it while its driver is well and at work. */
class ImpatientHealerTest {
    @Test
    void aMoveThatAnotherHasEndedDoesNotArrive() {
        Accounts accounts = new Accounts();
        try (MoveRig rig = new MoveRig(Duration.ofSeconds(20), Duration.ofSeconds(2))) {
            for (int round = 0; round < 2; round++) {
                Side from = rig.awaitSettled();
                long epoch = rig.epoch(from);
                try (Callers callers = Callers.start(
                        accounts,
                        List.of(
                                new RestCaller(rig.one, accounts, false),
                                new RestCaller(rig.other, accounts, false),
                                new SqlCaller(rig, accounts, 1, 1, false),
                                new Watch(rig, accounts)))) {
                    accounts.awaitMore(10);
                    String move = Moment.ABOUT_TO_ARRIVE.reach(rig, rig.one, from);
                    assertThat(rig.awaitSettled()).isEqualTo(from);
                    rig.one.mendWires();
                    assertThat(rig.one.awaitEnd(move).path("state").asText()).isEqualTo("failed");
                    accounts.awaitMore(50);
                    assertThat(rig.awaitSettled()).isEqualTo(from);
                    assertThat(rig.epoch(from)).isEqualTo(epoch + 2);
                }
                rig.awaitEqual();
                accounts.expectKept(rig.legacy);
                accounts.expectKept(rig.target);
                if (from == Side.LEGACY) {
                    rig.move(rig.one, "cutover");
                }
            }
        }
    }
}
