package io.crossfade.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a side says of itself, its fence, and the token for writing to it change together: PostgreSQL itself knows which
 * transaction has made each row what it is.
 */
class OneTransactionTest {
    private static final String ROW = "SELECT xmin FROM crossfade.state";
    private static final String FENCE =
            "SELECT DISTINCT xmin FROM pg_trigger WHERE tgname = 'crossfade_fence' AND tgenabled = '%s'";
    private static final String TOKEN = "SELECT xmin FROM crossfade.replayer";

    @Test
    void theRowTheFenceAndTheTokenOfASideChangeInOneTransaction() {
        try (MoveRig rig = new MoveRig(Duration.ofSeconds(5))) {
            for (Side from : Side.values()) {
                Side to = from.other();
                String move = Moment.FENCED.reach(rig, rig.one, from);
                assertThat(rig.on(from).rows(FENCE.formatted("A"))).containsExactly(transaction(rig, from, ROW));
                rig.one.mendWires();
                var unused = rig.one.awaitEnd(move);
                // It may have ended the move by its limit of time; the next one is as good.
                if (rig.awaitSettled() == from) {
                    var unusedToo = rig.move(rig.one, from == Side.LEGACY ? "cutover" : "rollback");
                }
                assertThat(rig.awaitSettled()).isEqualTo(to);
                String arrived = transaction(rig, to, ROW);
                assertThat(rig.on(to).rows(FENCE.formatted("D"))).isIn(List.of(arrived), List.of());
                // Whoever replays to a side that takes the writes is turned away, so nobody has changed it since.
                assertThat(transaction(rig, to, TOKEN)).isEqualTo(arrived);
            }
        }
    }

    /** Where the writes stay, a replayer that was at work towards that side must not go on either. */
    @Test
    void aSideThatTakesWritesAgainRaisesItsTokenWithItsRow() {
        try (MoveRig rig = new MoveRig(Duration.ofSeconds(5))) {
            var unused = rig.move(rig.one, "cutover");
            String before = rig.target.value("SELECT token FROM crossfade.replayer");
            var unusedToo = Moment.FENCED.reach(rig, rig.one, Side.TARGET);
            rig.one.kill();
            assertThat(rig.awaitSettled()).isEqualTo(Side.TARGET);
            assertThat(transaction(rig, Side.TARGET, TOKEN)).isEqualTo(transaction(rig, Side.TARGET, ROW));
            assertThat(rig.target.value("SELECT token FROM crossfade.replayer")).isNotEqualTo(before);
        }
    }

    private static String transaction(MoveRig rig, Side side, String query) {
        return rig.on(side).value(query);
    }
}
