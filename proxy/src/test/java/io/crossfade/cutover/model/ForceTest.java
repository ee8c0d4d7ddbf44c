package io.crossfade.cutover.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/**
 * The authority is forced away from a side that cannot be reached: both sides may take writes until it is back,
 * and nothing is lost unseen.
 */
class ForceTest {
    private static final World INSTANCES = World.start(2, 0, 0, new Budget(1, 1, 1, 1));
    private static final World WRITES = World.start(1, 2, 2, new Budget(0, 0, 0, 1));

    @Test
    void aForceInTheMiddleOfAMoveEndsWithOneAuthority() {
        Search.Finding finding = without(INSTANCES);
        assertThat(finding.broken()).as(finding.toString()).isNull();
        assertThat(finding.states()).isGreaterThan(1_000);
    }

    @Test
    void anAcknowledgedWriteIsOnTheForcedSideOrListed() {
        Search.Finding finding = without(WRITES);
        assertThat(finding.broken()).as(finding.toString()).isNull();
        assertThat(finding.states()).isGreaterThan(1_000);
    }

    @Test
    void withoutTheListAWriteThatWasNotReplayedIsLost() {
        assertBroken(Promise.ACKNOWLEDGED_IS_SOMEWHERE, Rule.RECONCILIATION_LISTS_ENTRIES);
    }

    @Test
    void aPlainCopyOfTheForcedRowClaimsAFenceThatIsDown() {
        assertBroken(Promise.ROW_AND_FENCE_AGREE, Rule.COPIES_SPARE_A_CLAIM);
    }

    @Test
    void theForcedSideRefusesOldReplayByItsTokenOrByItsRowAndNeedsOneOfThem() {
        assertThat(without(WRITES, Rule.FORCE_RAISES_TOKEN).broken()).isNull();
        assertThat(without(WRITES, Rule.AUTHORITY_REFUSES_REPLAY).broken()).isNull();
        assertBroken(Promise.FORCED_ROW_KEEPS_ITS_WRITES, Rule.FORCE_RAISES_TOKEN, Rule.AUTHORITY_REFUSES_REPLAY);
    }

    @Test
    void aNewLeaderTowardsTheForcedSideIsRefusedTheTokenOrTheBatchAndOneOfThemIsNeeded() {
        assertThat(without(WRITES, Rule.LEADS_TOWARDS_A_SHADOW_ONLY).broken()).isNull();
        assertBroken(
                Promise.FORCED_ROW_KEEPS_ITS_WRITES, Rule.LEADS_TOWARDS_A_SHADOW_ONLY, Rule.AUTHORITY_REFUSES_REPLAY);
    }

    private static void assertBroken(Promise promise, Rule... missing) {
        Search.Finding finding = without(WRITES, missing);
        assertThat(finding.broken()).as(finding.toString()).isEqualTo(promise.name());
    }

    private static Search.Finding without(World start, Rule... missing) {
        EnumSet<Rule> left = EnumSet.allOf(Rule.class);
        left.removeAll(Arrays.asList(missing));
        return Search.from(start, left, Promises.AFTER_A_FORCE);
    }
}
