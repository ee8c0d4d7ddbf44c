package io.crossfade.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.ProxyProcess;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TcpRelay.Direction;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A proxy that replays falls asleep with rows in its hands; they are old when it wakes. */
class SleepingLeaderTest {
    @Test
    void aLeaderThatWakesAfterAnotherTookOverOverwritesNothing() throws Exception {
        try (CrashRig rig = new CrashRig(
                "CREATE TABLE words (id integer PRIMARY KEY, word text); INSERT INTO words VALUES (1, 'first')",
                "",
                Map.of("words", "words"))) {
            TcpRelay toLegacy = rig.wire(rig.legacy);
            TcpRelay toTarget = rig.wire(rig.target);
            ProxyProcess leader = rig.proxy(toLegacy, toTarget);
            rig.legacy.execute("UPDATE words SET word = 'led'");
            rig.awaitDrained();
            ProxyProcess follower = rig.proxy();
            // From the moment at which the leader has read the row it can say nothing more to the target.
            toLegacy.whenSeen(Direction.FROM_DATABASE, "old word", toTarget::hold);
            rig.legacy.execute("UPDATE words SET word = 'old word'");
            CrashRig.await("the leader has read the row", toLegacy::isSeen);
            CrashRig.await("the leader is about to write it", toTarget::isHolding);
            leader.pause();
            rig.legacy.execute("UPDATE words SET word = 'new word'");
            CrashRig.await("the follower has taken over", () -> word(rig).equals("new word"));
            rig.awaitDrained();
            long before = toTarget.sent();
            leader.resume();
            toTarget.release();
            // More round trips than a batch has: what it had in its hands is written or given up by then.
            CrashRig.await("the leader is awake", () -> toTarget.sent() > before + 15);
            assertThat(word(rig)).isEqualTo("new word");
            assertThat(follower.isAlive() && leader.isAlive()).isTrue();
            rig.legacy.execute("UPDATE words SET word = 'last word'");
            rig.awaitDrained();
            rig.assertBothSidesEqual();
        }
    }

    private static String word(CrashRig rig) {
        return rig.target.value("SELECT word FROM words");
    }
}
