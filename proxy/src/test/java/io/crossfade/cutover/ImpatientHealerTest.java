package io.crossfade.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a move may take is no part of what keeps it safe: others may end it while its driver is well and at work. */
class ImpatientHealerTest {
    private final Accounts accounts = new Accounts();
    private MoveRig rig;
    private Callers callers;

    @BeforeEach
    void open() {
        rig = new MoveRig(Duration.ofSeconds(20), Duration.ofSeconds(2));
        callers = Callers.start(
                accounts,
                List.of(
                        new RestCaller(rig.one, accounts, false),
                        new RestCaller(rig.other, accounts, false),
                        new SqlCaller(rig, accounts, 1, 1, false),
                        new Watch(rig, accounts)));
        accounts.awaitMore(10);
    }

    @AfterEach
    void nothingIsMissing() {
        try (MoveRig closing = rig) {
            callers.close();
            closing.awaitEqual();
            accounts.expectKept(closing.legacy);
            accounts.expectKept(closing.target);
        }
    }

    @Test
    void aMoveThatAnotherHasEndedDoesNotArrive() {
        long epoch = rig.epoch(Side.LEGACY);
        String move = Moment.ABOUT_TO_ARRIVE.reach(rig, rig.one, Side.LEGACY);
        assertThat(rig.awaitSettled()).isEqualTo(Side.LEGACY);
        rig.one.mendWires();
        assertThat(rig.one.awaitEnd(move).path("state").asText()).isEqualTo("failed");
        accounts.awaitMore(50);
        assertThat(rig.awaitSettled()).isEqualTo(Side.LEGACY);
        assertThat(rig.epoch(Side.LEGACY)).isEqualTo(epoch + 2);
    }

    @Test
    void whoeverCannotAskTheNewSideEndsNoMove() {
        rig.other.toTarget.cut();
        String move = Moment.ABOUT_TO_ARRIVE.reach(rig, rig.one, Side.LEGACY);
        // It waits for longer than until the healer on that instance loses its patience.
        rig.other
                .rest()
                .post("/notes", "{\"key\":\"" + UUID.randomUUID() + "\",\"version\":1}")
                .expectError(503, "CF503");
        assertThat(rig.isMoving(Side.LEGACY)).isTrue();
        assertThat(rig.fenced(Side.LEGACY)).containsExactlyElementsOf(MoveRig.TABLES);
        rig.one.mendWires();
        assertThat(rig.one.awaitEnd(move).path("state").asText()).isEqualTo("done");
        assertThat(rig.awaitSettled()).isEqualTo(Side.TARGET);
        rig.other.mendWires();
        MoveRig.await("the other answers again", rig.other::answers);
        accounts.awaitMore(50);
    }
}
