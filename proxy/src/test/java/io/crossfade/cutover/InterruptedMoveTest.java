package io.crossfade.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.migration.Side;
import io.crossfade.testing.RestResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways in which ending a move has made two authorities elsewhere, each brought about while callers go on. */
class InterruptedMoveTest {
    private static MoveRig rig;
    private static Accounts accounts;
    private Callers callers;
    private Side from;
    private long epoch;

    @BeforeAll
    static void open() {
        rig = new MoveRig(Duration.ofSeconds(4));
        accounts = new Accounts();
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    /** In either direction, as the test before has left it. */
    @BeforeEach
    void begin() {
        from = rig.awaitSettled();
        if (from == Side.LEGACY) {
            rig.toRollout(50);
        }
        epoch = rig.epoch(from);
        callers = Callers.start(
                accounts,
                List.of(
                        new RestCaller(rig.one, accounts, false),
                        new RestCaller(rig.other, accounts, false),
                        new SqlCaller(rig, accounts, 1, 1, false),
                        new SqlCaller(rig, accounts, 2, 2, false),
                        new Watch(rig, accounts)));
        accounts.awaitMore(10);
    }

    @AfterEach
    void nothingIsMissing() {
        try {
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
    @EnumSource(names = {"ABOUT_TO_ARRIVE", "ARRIVAL_UNCOMMITTED"})
    void aDriverThatSleptWhileAnotherAbortedWakesToNoEffect(Moment moment) {
        String move = moment.reach(rig, rig.one, from);
        rig.one.pause();
        assertThat(rig.awaitSettled()).isEqualTo(from);
        accounts.awaitMore(10);
        long aborted = rig.epoch(from);
        assertThat(aborted).isEqualTo(epoch + 2);
        rig.one.resume();
        rig.one.mendWires();
        assertThat(state(rig.one.awaitEnd(move))).isEqualTo("failed");
        assertThat(rig.awaitSettled()).isEqualTo(from);
        assertThat(rig.epoch(from)).isEqualTo(aborted);
    }

    @Test
    void aCommitOnTheNewSideWhoseAnswerIsLostIsFoundThere() {
        String move = Moment.ARRIVED_UNTOLD.reach(rig, rig.one, from);
        lose(rig.one, from.other());
        JsonNode ended = rig.one.awaitEnd(move);
        assertThat(state(ended)).as(ended.toPrettyString()).isEqualTo("done");
        assertThat(rig.awaitSettled()).isEqualTo(from.other());
        assertThat(rig.epoch(from)).isEqualTo(epoch + 2);
    }

    @Test
    void aCommitOnTheNewSideThatNeverArrivedLeavesTheWritesWhereTheyWere() {
        String move = Moment.ARRIVAL_UNCOMMITTED.reach(rig, rig.one, from);
        lose(rig.one, from.other());
        JsonNode ended = rig.one.awaitEnd(move);
        assertThat(state(ended)).isEqualTo("failed");
        assertThat(rig.awaitSettled()).isEqualTo(from);
        assertThat(rig.epoch(from)).isEqualTo(epoch + 2);
    }

    @Test
    void aFenceWhoseCommitWasNotAnsweredIsLoweredAgain() {
        String move = Moment.FENCED_UNTOLD.reach(rig, rig.one, from);
        lose(rig.one, from);
        assertThat(state(rig.one.awaitEnd(move))).isEqualTo("failed");
        assertThat(rig.awaitSettled()).isEqualTo(from);
        assertThat(rig.epoch(from)).isEqualTo(epoch + 2);
    }

    @Test
    void aFenceWhoseCommitNeverArrivedWasNeverThere() {
        String move = Moment.FENCE_UNCOMMITTED.reach(rig, rig.one, from);
        lose(rig.one, from);
        assertThat(state(rig.one.awaitEnd(move))).isEqualTo("failed");
        assertThat(rig.awaitSettled()).isEqualTo(from);
        assertThat(rig.epoch(from)).isEqualTo(epoch);
    }

    /** A driver that has told its operator that nothing has moved must not move it afterwards. */
    @Test
    void aFenceThatCouldNotBeRaisedInTimeIsNotRaisedLater() {
        String move = Moment.ABOUT_TO_FENCE.reach(rig, rig.one, from);
        // A write waits for longer than the driver's session does.
        rig.one
                .rest()
                .post("/notes", "{\"key\":\"" + UUID.randomUUID() + "\",\"version\":1}")
                .expectError(503, "CF503");
        rig.one.mendWires();
        assertThat(state(rig.one.awaitEnd(move))).isEqualTo("failed");
        accounts.awaitMore(50);
        assertThat(rig.epoch(from)).isEqualTo(epoch);
    }

    @Test
    void aSecondOperatorWhoIsFasterEndsTheMoveBeforeItBegins() {
        toLegacy();
        String move = Moment.ABOUT_TO_FENCE.reach(rig, rig.one, Side.LEGACY);
        rig.other
                .admin("PATCH", "/api/repositories/notes", "{\"stage\":\"shadow\"}")
                .expectStatus(200);
        rig.one.mendWires();
        assertThat(state(rig.one.awaitEnd(move))).isEqualTo("failed");
        assertThat(rig.awaitSettled()).isEqualTo(Side.LEGACY);
        assertThat(rig.legacy.value("SELECT stage FROM crossfade.state")).isEqualTo("shadow");
    }

    @Test
    void aSecondOperatorChangesNothingWhileTheAuthorityIsOnItsWay() {
        toLegacy();
        String move = Moment.FENCED.reach(rig, rig.one, Side.LEGACY);
        RestResponse refused = rig.other.admin("PATCH", "/api/repositories/notes", "{\"stage\":\"shadow\"}");
        assertThat(refused.status()).as(refused.body()).isBetween(400, 499);
        rig.one.mendWires();
        var unused = rig.one.awaitEnd(move);
        Side authority = rig.awaitSettled();
        assertThat(rig.legacy.value("SELECT stage FROM crossfade.state"))
                .isEqualTo(authority == Side.LEGACY ? "rollout" : "live");
    }

    @Test
    void aDriverThatDiesBehindTheFenceLeavesTheWritesToWhoeverSeesIt() {
        var unused = Moment.FENCED.reach(rig, rig.one, from);
        rig.one.kill();
        rig.one.mendWires();
        assertThat(rig.awaitSettled()).isEqualTo(from);
        assertThat(rig.epoch(from)).isEqualTo(epoch + 2);
        accounts.awaitMore(10);
        rig.one.start();
    }

    private void toLegacy() {
        if (from == Side.TARGET) {
            var unused = rig.move(rig.other, "rollback");
            rig.toRollout(50);
            from = Side.LEGACY;
        }
    }

    /** What is on the wire now gets lost, and the connections break; new ones are taken. */
    private static void lose(Instance driver, Side side) {
        driver.wireTo(side).sever();
        driver.mendWires();
    }

    private static String state(JsonNode operation) {
        return operation.path("state").asText();
    }
}
