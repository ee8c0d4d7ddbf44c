package io.crossfade.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.migration.Side;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two operators at two proxies want different things of one group, or the same thing twice. */
class StoppedMoveTest {
    private static final String KEPT_AWAY = "SELECT count(*) FROM crossfade.undo WHERE purpose = 'autovacuum'";

    private static MoveRig rig;
    private static Accounts accounts;
    private Callers callers;
    private long epoch;

    /** So patient that no proxy ends a move by itself. */
    @BeforeAll
    static void open() {
        rig = new MoveRig(Duration.ofSeconds(60));
        accounts = new Accounts();
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    @BeforeEach
    void begin() {
        if (rig.awaitSettled() == Side.TARGET) {
            var unused = rig.move(rig.other, "rollback");
        }
        rig.toRollout(50);
        epoch = rig.epoch(Side.LEGACY);
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
        try {
            rig.one.mendWires();
            rig.other.mendWires();
            MoveRig.await("both proxies answer", () -> rig.one.answers() && rig.other.answers());
            var unused = rig.awaitSettled();
            accounts.awaitMore(20);
        } finally {
            callers.close();
        }
        rig.awaitEqual();
        accounts.expectKept(rig.legacy);
        accounts.expectKept(rig.target);
    }

    @ParameterizedTest
    @EnumSource(names = {"FENCED", "ABOUT_TO_ARRIVE", "ARRIVAL_UNCOMMITTED"})
    void aRollbackAtAnotherProxyStopsAMoveThatHasNotArrived(Moment moment) {
        String move = moment.reach(rig, rig.one, Side.LEGACY);
        JsonNode back = rollback(rig.other);
        assertThat(back.path("state").asText()).as(back.toPrettyString()).isEqualTo("done");
        assertThat(back.path("steps").toString()).contains("had not moved yet: the writes stay on legacy");
        assertThat(rig.awaitSettled()).isEqualTo(Side.LEGACY);
        assertThat(rig.legacy.value("SELECT stage FROM crossfade.state")).isEqualTo("shadow");
        assertThat(rig.epoch(Side.LEGACY)).as("stopped, and its reads back").isEqualTo(epoch + 3);
        rig.one.mendWires();
        JsonNode lost = rig.one.awaitEnd(move);
        assertThat(lost.path("state").asText()).isEqualTo("failed");
        assertThat(lost.path("outcome").asText()).contains("has stopped the move (a test)");
        assertThat(rig.epoch(Side.LEGACY)).isEqualTo(epoch + 3);
    }

    @Test
    void aRollbackAtAnotherProxyUndoesAMoveThatHasArrivedUnseen() {
        String move = Moment.ARRIVED_UNTOLD.reach(rig, rig.one, Side.LEGACY);
        JsonNode back = rollback(rig.other);
        assertThat(back.path("state").asText()).as(back.toPrettyString()).isEqualTo("done");
        assertThat(rig.awaitSettled()).isEqualTo(Side.LEGACY);
        assertThat(rig.legacy.value("SELECT stage FROM crossfade.state")).isEqualTo("shadow");
        assertThat(rig.epoch(Side.LEGACY)).as("there and back").isEqualTo(epoch + 4);
        rig.one.toTarget.sever();
        rig.one.mendWires();
        var unused = rig.one.awaitEnd(move);
        assertThat(rig.awaitSettled()).isEqualTo(Side.LEGACY);
        assertThat(rig.epoch(Side.LEGACY)).isEqualTo(epoch + 4);
    }

    @Test
    void whoeverWantsToMoveWhatAnotherIsMovingIsToldSoAndDisturbsNothing() {
        String first = Moment.FENCED.reach(rig, rig.one, Side.LEGACY);
        long keptAway = rig.legacy.number(KEPT_AWAY);
        assertThat(keptAway).isEqualTo(MoveRig.TABLES.size());
        JsonNode second = rig.other.awaitEnd(rig.other.begin("cutover").orElseThrow());
        expectBeaten(second);
        assertThat(rig.legacy.number(KEPT_AWAY)).isEqualTo(keptAway);
        assertThat(rig.epoch(Side.LEGACY)).isEqualTo(epoch + 1);
        expectArrives(rig.one, first);
    }

    @Test
    void ofTwoWhoAreAboutToMoveOneDoesAndTheOtherLeavesItAlone() {
        String second = Moment.ABOUT_TO_FENCE.reach(rig, rig.one, Side.LEGACY);
        String first = Moment.FENCED.reach(rig, rig.other, Side.LEGACY);
        long keptAway = rig.legacy.number(KEPT_AWAY);
        rig.one.mendWires();
        expectBeaten(rig.one.awaitEnd(second));
        assertThat(keptAway).isEqualTo(MoveRig.TABLES.size());
        assertThat(rig.legacy.number(KEPT_AWAY)).isEqualTo(keptAway);
        assertThat(rig.target.number(KEPT_AWAY)).isEqualTo(keptAway);
        assertThat(rig.epoch(Side.LEGACY)).isEqualTo(epoch + 1);
        expectArrives(rig.other, first);
    }

    /** Whose fence was committed is not for the one to guess whose answer was lost. */
    @Test
    void aDriverWhoseOwnFenceWasUndoneDoesNotEndTheMoveOfAnother() {
        String undone = Moment.FENCE_UNCOMMITTED.reach(rig, rig.one, Side.LEGACY);
        // The server ends a transaction that stands idle, and then the row is free.
        String first = Moment.FENCED.reach(rig, rig.other, Side.LEGACY);
        rig.one.toLegacy.sever();
        rig.one.mendWires();
        JsonNode lost = rig.one.awaitEnd(undone);
        assertThat(lost.path("state").asText()).isEqualTo("failed");
        assertThat(rig.epoch(Side.LEGACY)).isEqualTo(epoch + 1);
        assertThat(rig.isMoving(Side.LEGACY)).isTrue();
        expectArrives(rig.other, first);
    }

    private static JsonNode rollback(Instance at) {
        return at.awaitEnd(at.begin("rollback").orElseThrow());
    }

    private static void expectBeaten(JsonNode ended) {
        assertThat(ended.path("state").asText()).isEqualTo("failed");
        assertThat(ended.path("outcome").asText())
                .contains("is moving group app from legacy to target already", "wait until that has ended");
    }

    private static void expectArrives(Instance driver, String move) {
        driver.mendWires();
        JsonNode ended = driver.awaitEnd(move);
        assertThat(ended.path("state").asText()).as(ended.toPrettyString()).isEqualTo("done");
        assertThat(rig.awaitSettled()).isEqualTo(Side.TARGET);
    }
}
