package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.observation.Observation.ReplayFailed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One replayer serves many groups, and several instances share them. */
class ManyGroupsTest {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");
    private static final String SESSIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'crossfade'";

    private final ReplayFixture sides = ReplayFixture.withTables(String.join(
            ";",
            NAMES.stream()
                    .map(name -> "CREATE TABLE " + name + " (id integer PRIMARY KEY, name text)")
                    .toList()));

    @AfterEach
    void close() {
        sides.close();
    }

    @Test
    void aGroupThatIsRemovedWhileItsMomentIsWrittenIsReleasedAlsoIfThatFails() throws Exception {
        Replayer replayer = sides.start();
        sides.replayed(replayer);
        String waiting = "SELECT query LIKE 'WITH mine%' FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
        do {
            sides.shadow.execute("ROLLBACK; BEGIN; LOCK TABLE crossfade.replayer IN ACCESS EXCLUSIVE MODE");
            ReplayFixture.await(
                    "somebody waits", () -> !sides.shadow.rows(waiting).isEmpty());
        } while (!sides.shadow.rows(waiting).equals(List.of("t")));
        assertThat(replayer.remove("shop").await(30, TimeUnit.SECONDS)).isNull();
        sides.shadow.execute("ROLLBACK");
    }

    @Test
    void whatKeepsALeaderFromReplayingIsToldOnceAndKnownUntilItIsOver() {
        String tokens = "SELECT token FROM crossfade.replayer";
        sides.shadow.execute("ALTER TABLE crossfade.dead_letter RENAME TO away");
        Replayer replayer = sides.start();
        for (int attempt = 0; attempt < 4; attempt++) {
            List<String> before = sides.shadow.rows(tokens);
            ReplayFixture.await(
                    "another attempt", () -> !sides.shadow.rows(tokens).equals(before));
        }
        assertThat(sides.observations.stream().filter(ReplayFailed.class::isInstance))
                .hasSize(1);
        sides.shadow.execute("ALTER TABLE crossfade.away RENAME TO dead_letter");
        sides.replayed(replayer);
        assertThat(replayer.progress("shop").problem()).isNull();
    }

    @Test
    void sixGroupsAreReplayedOverThreeSessionsOnEachSide() {
        Replayer replayer = sides.startWithGroups(ReplayFixture.SETTINGS);
        for (int round = 1; round <= 5; round++) {
            for (String name : NAMES) {
                sides.authority.execute("INSERT INTO " + name + " VALUES (" + round + ", 'x')");
                replayer.nudge(name);
            }
        }
        for (String name : NAMES) {
            sides.replayed(replayer, name);
            assertThat(sides.shadow.number("SELECT count(*) FROM " + name)).isEqualTo(5);
            assertThat(replayer.progress(name).leading()).isTrue();
        }
        assertThat(sides.authority.number(SESSIONS)).isBetween(2L, 3L);
        assertThat(sides.shadow.number(SESSIONS)).isBetween(2L, 3L);
    }

    @Test
    void aForeignWriteIsFoundWithoutANudge() {
        Replayer replayer = sides.startWithGroups(ReplayFixture.SETTINGS);
        sides.replayed(replayer, "c");
        sides.authority.execute("INSERT INTO c VALUES (1, 'x')");
        ReplayFixture.await("it is found", () -> sides.shadow.number("SELECT count(*) FROM c") == 1);
    }

    @Test
    void aLongBacklogDoesNotHoldUpTheOtherGroups() {
        sides.authority.execute("INSERT INTO a SELECT i, 'x' FROM generate_series(1, 20000) i");
        Replayer replayer =
                sides.startWithGroups(ReplayFixture.SETTINGS.withSliceKeys(20).withWorkers(1));
        ReplayFixture.await("the backlog is begun", () -> sides.shadow.number("SELECT count(*) FROM a") > 0);
        sides.authority.execute("INSERT INTO b VALUES (1, 'x')");
        sides.replayed(replayer, "b");
        assertThat(sides.shadow.number("SELECT count(*) FROM b")).isEqualTo(1);
        assertThat(replayer.progress("a").catchingUp()).isTrue();
        assertThat(sides.shadow.number("SELECT count(*) FROM a")).isLessThan(20_000);
    }

    @Test
    void aGroupThatIsRemovedIsReplayedNoMoreAndTheOthersAre() throws Exception {
        Replayer replayer = sides.startWithGroups(ReplayFixture.SETTINGS);
        NAMES.forEach(name -> sides.replayed(replayer, name));
        assertThat(replayer.remove("a").await(20, TimeUnit.SECONDS)).isNull();
        sides.authority.execute("INSERT INTO a VALUES (1, 'x'); INSERT INTO b VALUES (1, 'x')");
        sides.replayed(replayer, "b");
        assertThat(sides.shadow.number("SELECT count(*) FROM b")).isEqualTo(1);
        assertThat(sides.shadow.number("SELECT count(*) FROM a")).isZero();
        replayer.add("a");
        sides.replayed(replayer, "a");
        assertThat(sides.shadow.number("SELECT count(*) FROM a")).isEqualTo(1);
    }

    @Test
    void whoFollowsWakesTheLeaderAndKnowsAsMuch() {
        // It looks by itself once, and then only when it is woken.
        Replayer leader =
                sides.startWithGroups(ReplayFixture.SETTINGS.withPoll(Duration.ofMinutes(10), Duration.ofSeconds(60)));
        NAMES.forEach(name -> sides.replayed(leader, name));
        Replayer follower = sides.startWithGroups(ReplayFixture.SETTINGS);
        for (int round = 1; round <= 3; round++) {
            sides.authority.execute("INSERT INTO d VALUES (" + round + ", 'x')");
            sides.replayed(follower, "d");
            assertThat(sides.shadow.number("SELECT count(*) FROM d")).isEqualTo(round);
        }
        assertThat(follower.progress("d").leading()).isFalse();
        assertThat(follower.progress("d").asOf()).isEqualTo(leader.progress("d").asOf());
        assertThat(follower.progress("d").catchingUp()).isFalse();
        assertThat(follower.progress("d").caughtUpAt())
                .isEqualTo(leader.progress("d").caughtUpAt())
                .isNotNull();
    }
}
