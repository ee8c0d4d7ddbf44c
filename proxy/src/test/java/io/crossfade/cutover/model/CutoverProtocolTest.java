package io.crossfade.cutover.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/**
 * Every state that the protocol can reach, from a few angles, each small enough to be searched to its end.
 *
 * <p>Each search also asserts that there is a way from every state to rest by steps alone, with nobody's help
 * and no further fault.
 */
class CutoverProtocolTest {
    @Test
    void instancesThatDriveHealCopyAndChangeAtOnceAgreeThroughAnyOneFault() {
        assertKept(World.start(3, 0, 0, new Budget(2, 1, 1, 0)));
    }

    @Test
    void twoFaultsDuringOneMoveAreSurvivedAsWell() {
        assertKept(World.start(4, 0, 0, new Budget(1, 1, 2, 0)));
    }

    @Test
    void aWriteIsNeitherLostNorDoubledByAMoveThatMeetsAnyOneFault() {
        assertKept(World.start(2, 1, 1, new Budget(1, 0, 1, 0)));
    }

    @Test
    void twoWritesReachTheAuthorityThroughAMoveWithTwoReplayers() {
        assertKept(World.start(2, 2, 2, new Budget(1, 0, 0, 0)));
    }

    @Test
    void aReplayerThatSleepsThroughACutoverAndARollbackHarmsNothing() {
        assertKept(World.start(1, 2, 2, new Budget(2, 0, 0, 0)));
    }

    private static void assertKept(World start) {
        Search.Finding finding = Search.from(start, EnumSet.allOf(Rule.class), Promises.ORDINARY);
        assertThat(finding.broken()).as(finding.toString()).isNull();
        // A search that ends early because nothing can happen would prove nothing.
        assertThat(finding.states()).isGreaterThan(1_000);
    }
}
