package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.observation.Observation.ReplayFailed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody leads towards a side that says of itself that it takes the writes, whatever an instance believes. */
class OfficeTest {
    private static final String TABLES = "CREATE TABLE t (id integer PRIMARY KEY)";
    private static final String TOKEN = "SELECT token FROM crossfade.replayer";
    private static final String TURN =
            "INSERT INTO crossfade.state (group_name, epoch, stage, authority, rollout, changed_by, reason)"
                    + " VALUES ('shop', 3, 'live', 'target', 0, 'test', 'test')";

    private final ReplayFixture sides = ReplayFixture.withTables(TABLES);

    @AfterEach
    void close() {
        sides.close();
    }

    @Test
    void aStaleInstanceTakesNoOfficeAndLeavesTheTokenAndTheLogAsTheyWere() {
        sides.shadow.execute("INSERT INTO crossfade.replayer (group_name, token) VALUES ('shop', 42); " + TURN);
        sides.authority.execute("INSERT INTO t VALUES (1)");
        Replayer stale = sides.start();
        ReplayFixture.await(
                "it was refused",
                () -> String.valueOf(stale.progress("shop").problem())
                        .contains("takes the writes of the group itself"));
        assertThat(stale.progress("shop").leading()).isFalse();
        assertThat(sides.shadow.number(TOKEN)).isEqualTo(42);
        assertThat(sides.shadow.rows("SELECT id FROM t")).isEmpty();
        assertThat(sides.authority.number("SELECT count(*) FROM crossfade.journal"))
                .isEqualTo(1);
        assertThat(sides.observed(ReplayFailed.class)).isFalse();
        // As soon as that side does not take the writes any more, it leads.
        sides.shadow.execute("UPDATE crossfade.state SET epoch = 5, authority = 'legacy'");
        sides.replayed(stale);
        assertThat(sides.shadow.rows("SELECT id FROM t")).containsExactly("1");
    }

    @Test
    void whoWaitedForTheTokenWhileTheAuthorityMovedIsRefused() {
        sides.shadow.execute("INSERT INTO crossfade.replayer (group_name, token) VALUES ('shop', 42)");
        // What a cutover commits: its row first, then the token.
        sides.shadow.execute("BEGIN; " + TURN + "; UPDATE crossfade.replayer SET token = 43");
        sides.authority.execute("INSERT INTO t VALUES (1)");
        Replayer stale = sides.start();
        ReplayFixture.await(
                "it waits for the token",
                () -> sides.shadow.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
        sides.shadow.execute("COMMIT");
        ReplayFixture.await(
                "it was refused",
                () -> String.valueOf(stale.progress("shop").problem())
                        .contains("takes the writes of the group itself"));
        assertThat(sides.shadow.number(TOKEN)).isEqualTo(43);
        assertThat(sides.shadow.rows("SELECT id FROM t")).isEmpty();
    }

    @Test
    void aLeaderWhoseShadowTookTheWritesCanNeitherWriteNorLeadAgain() {
        Replayer stale = sides.start();
        sides.authority.execute("INSERT INTO t VALUES (1)");
        sides.replayed(stale);
        sides.shadow.execute("BEGIN; " + TURN + "; UPDATE crossfade.replayer SET token = token + 1; COMMIT");
        long token = sides.shadow.number(TOKEN);
        sides.authority.execute("DELETE FROM t");
        ReplayFixture.await(
                "it was refused",
                () -> String.valueOf(stale.progress("shop").problem())
                        .contains("takes the writes of the group itself"));
        assertThat(sides.shadow.rows("SELECT id FROM t")).containsExactly("1");
        assertThat(sides.shadow.number(TOKEN)).isEqualTo(token);
    }
}
