package io.crossfade.cutover.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** The protocol without one of its rules: the search finds the moves that break a promise, so the rule is needed. */
class EachRuleIsNeededTest {
    /** Instances alone: who may drive, heal, copy and change. */
    private static final World INSTANCES = World.start(3, 0, 0, new Budget(2, 1, 1, 0));
    /** One write, one replayer, one move. */
    private static final World ONE_WRITE = World.start(2, 1, 1, new Budget(1, 0, 0, 0));
    /** Two writes and two replayers that may sleep through a move and another one back. */
    private static final World SLEEPERS = World.start(1, 2, 2, new Budget(2, 0, 0, 0));

    private static final EnumSet<Promise> TWO_AUTHORITIES = EnumSet.of(Promise.ONE_SIDE_TAKES_WRITES);

    @Test
    void withRowsThatDifferAtTheStartNobodyCanFinishOrAbort() {
        assertStuck(INSTANCES, Rule.ROWS_EQUAL_AT_START);
    }

    @Test
    void aFenceThatDoesNotWaitForWritersLosesTheirWrites() {
        assertBroken(Promise.ACKNOWLEDGED_IS_ON_THE_AUTHORITY, ONE_WRITE, Rule.FENCE_WAITS_FOR_WRITERS);
    }

    @Test
    void aDriverThatFencesWithoutComparingTheEpochMayMakeTwoAuthorities() {
        assertBroken(Promise.ONE_SIDE_TAKES_WRITES, INSTANCES, Rule.FENCE_COMPARES_EPOCH);
    }

    @Test
    void drainingBehindAFenceThatIsNotKnownToBeCommittedMakesTwoAuthorities() {
        assertBroken(Promise.ONE_SIDE_TAKES_WRITES, INSTANCES, Rule.DRAINS_ONLY_BEHIND_A_COMMITTED_FENCE);
    }

    @Test
    void takingTheAuthorityBeforeTheJournalIsEmptyLosesWrites() {
        assertBroken(Promise.ACKNOWLEDGED_IS_ON_THE_AUTHORITY, ONE_WRITE, Rule.DRAIN_BEFORE_TAKING);
    }

    @Test
    void takingTheAuthorityWithoutComparingTheEpochMakesTwoAuthorities() {
        assertBroken(Promise.ONE_SIDE_TAKES_WRITES, INSTANCES, Rule.TAKING_COMPARES_EPOCH);
    }

    @Test
    void aFenceLoweredAfterTheRowMayBeLoweredWhenTheAuthorityHasGoneBack() {
        assertBroken(Promise.ONE_SIDE_TAKES_WRITES, INSTANCES, TWO_AUTHORITIES, Rule.FENCE_WITH_ROW);
    }

    @Test
    void aReplayerWhoseTokenWasNotRaisedWithTheAuthorityBringsAnOldRowBack() {
        assertBroken(Promise.NO_ROW_GOES_BACK, SLEEPERS, Rule.TOKEN_RAISED_WITH_AUTHORITY);
    }

    @Test
    void aDriverThatTakesALostAnswerForAFailureMakesTwoAuthorities() {
        assertBroken(Promise.ONE_SIDE_TAKES_WRITES, INSTANCES, Rule.LOST_ANSWER_READS_DESTINATION);
    }

    @Test
    void whoeverTakesTheOldEpochOnTheDestinationForAFailureMakesTwoAuthorities() {
        assertBroken(Promise.ONE_SIDE_TAKES_WRITES, INSTANCES, Rule.READING_IS_NO_PROOF);
    }

    @Test
    void abortingWithoutTheDestinationMakesTwoAuthorities() {
        assertBroken(Promise.ONE_SIDE_TAKES_WRITES, INSTANCES, Rule.ABORT_BY_DESTINATION);
    }

    @Test
    void abortingAMoveThatNobodySawBeginLeavesRowsThatNothingMakesEqual() {
        assertStuck(INSTANCES, Rule.ABORTS_ONLY_WHAT_IT_SAW_MOVING);
    }

    @Test
    void unfencingWithoutComparingTheEpochMakesTwoAuthorities() {
        assertBroken(Promise.ONE_SIDE_TAKES_WRITES, INSTANCES, Rule.UNFENCING_COMPARES_EPOCH);
    }

    @Test
    void withoutHealersADeadDriverLeavesTheWritesHeld() {
        assertStuck(INSTANCES, Rule.EVERY_INSTANCE_HEALS);
    }

    @Test
    void aTransactionThatOutlivesItsOwnerKeepsEverybodyOut() {
        assertStuck(INSTANCES, Rule.IDLE_TRANSACTIONS_END);
    }

    @Test
    void aChangeOnAnOlderEpochClaimsAFencedSide() {
        assertBroken(Promise.ROW_AND_FENCE_AGREE, INSTANCES, Rule.CHANGE_COMPARES_EPOCH);
    }

    @Test
    void aChangeDuringAMoveKeepsItFromEnding() {
        assertStuck(INSTANCES, Rule.CHANGES_NO_MOVING_ROW);
    }

    @Test
    void aCopyThatReplacesANewerRowUndoesADecision() {
        assertBroken(Promise.ONE_SIDE_TAKES_WRITES, INSTANCES, Rule.COPIES_NEWER_ONLY);
    }

    @Test
    void aCopiedRowThatIsMovingKeepsTheMoveFromEnding() {
        assertStuck(INSTANCES, Rule.COPIES_NO_MOVING_ROW);
    }

    @Test
    void aCopyOfAnAbortClaimsASideThatIsStillFenced() {
        assertBroken(Promise.ROW_AND_FENCE_AGREE, INSTANCES, Rule.COPIES_OWN_CLAIMS_ONLY);
    }

    @Test
    void aWriteRoutedByTheOtherSidesRowWaitsForAnEpochThatNeverComes() {
        assertStuck(ONE_WRITE, Rule.ROUTE_BY_OWN_ROW);
    }

    @Test
    void aSecondLeaderThatDoesNotRaiseTheTokenLetsTheFirstBringAnOldRowBack() {
        assertBroken(Promise.NO_ROW_GOES_BACK, SLEEPERS, Rule.LEADER_RAISES_TOKEN);
    }

    @Test
    void aBatchAppliedWithoutTheTokenBringsAnOldRowBack() {
        assertBroken(Promise.NO_ROW_GOES_BACK, SLEEPERS, Rule.APPLY_CHECKS_TOKEN);
    }

    private static void assertStuck(World start, Rule missing) {
        assertFound("NEVER_COMES_TO_REST", start, Promises.ORDINARY, missing);
    }

    private static void assertBroken(Promise promise, World start, Rule missing) {
        assertBroken(promise, start, Promises.ORDINARY, missing);
    }

    private static void assertBroken(Promise promise, World start, EnumSet<Promise> heldTo, Rule... missing) {
        assertFound(promise.name(), start, heldTo, missing);
    }

    private static void assertFound(String broken, World start, EnumSet<Promise> heldTo, Rule... missing) {
        EnumSet<Rule> left = EnumSet.allOf(Rule.class);
        left.removeAll(Arrays.asList(missing));
        Search.Finding finding = Search.from(start, left, heldTo);
        assertThat(finding.broken()).as(finding.toString()).isEqualTo(broken);
    }
}
