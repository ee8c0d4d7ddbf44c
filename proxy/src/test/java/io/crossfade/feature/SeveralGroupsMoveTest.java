package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.cutover.Begun;
import io.crossfade.cutover.Begun.Started;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.settings.GateSettings;
import io.crossfade.settings.GuardrailSettings;
import io.crossfade.settings.JournalSettings;
import io.crossfade.settings.RampSettings;
import io.crossfade.testing.TestDatabase;
import io.crossfade.work.Step;
import io.crossfade.work.Work;
import io.crossfade.work.WorkState;
import io.vertx.pgclient.PgConnectOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two groups, {@code bookings} and {@code counters}, which move one after the other. */
class SeveralGroupsMoveTest {
    private static final GateSettings NO_SOAK = new GateSettings(Duration.ofSeconds(10), Duration.ZERO, Duration.ZERO);

    private CutoverRig rig;

    @BeforeEach
    void open() {
        rig = new CutoverRig(CutoverSettings.DEFAULTS);
    }

    @AfterEach
    void close() throws InterruptedException {
        rig.close();
    }

    @Test
    void aGateThatShutsWhileOthersMoveKeepsAGroupWhereItIs() {
        Crossfade proxy = Crossfade.start(
                        rig.vertx, rig.settings.with(NO_SOAK, GuardrailSettings.DEFAULTS, RampSettings.DEFAULTS), true)
                .await();
        try {
            proxy.works().onStep(this::breakCountersWhileBookingsMove);
            AtomicReference<Begun> begun = new AtomicReference<>();
            CounterRig.await("the gates are green", () -> {
                begun.set(CutoverRig.cutovers(proxy)
                        .cutover(Set.of(), OptionalLong.empty(), new By("olga", "", false))
                        .await());
                return begun.get() instanceof Started;
            });
            Work work = CutoverRig.await(proxy, begun.get());
            assertThat(work.state()).isEqualTo(WorkState.FAILED);
            assertThat(work.outcome()).contains("counters was not moved").contains("guardrails");
            assertThat(stage(rig.target, "bookings")).isEqualTo("live");
            assertThat(stage(rig.target, "counters")).isEqualTo("rollout");
        } finally {
            proxy.close().await();
        }
    }

    @Test
    void aGroupThatCannotGoBackKeepsNoOtherFromIt() {
        Crossfade proxy = rig.proxy();
        CutoverRig.expectDone(CutoverRig.cutover(proxy));
        rig.legacy.execute("INSERT INTO crossfade.dead_letter (repository, key, sqlstate, problem, next_try_at)"
                + " VALUES ('bookings', '{1}', '23505', 'it was refused', now() + interval '1 day')");
        Work work = CutoverRig.rollback(proxy, Stage.SHADOW);
        assertThat(work.state()).isEqualTo(WorkState.FAILED);
        assertThat(work.outcome()).contains("dead-letters");
        assertThat(stage(rig.legacy, "bookings")).isEqualTo("live");
        assertThat(stage(rig.legacy, "counters")).isEqualTo("shadow");
    }

    @Test
    void aGroupThatSomebodyTakesBackBeforeItsTurnIsNotMoved() {
        Crossfade proxy = rig.proxy();
        proxy.works()
                .onStep(work -> atStep(
                        work,
                        "counters: checking both sides",
                        "UPDATE crossfade.state SET epoch = epoch + 1, stage = 'shadow', rollout = 0"
                                + " WHERE group_name = 'counters'"));
        Work work = CutoverRig.cutover(proxy);
        assertThat(work.state()).isEqualTo(WorkState.FAILED);
        assertThat(work.outcome())
                .contains("Group counters is in stage shadow by now")
                .contains("look again");
        assertThat(stage(rig.target, "bookings")).isEqualTo("live");
        assertThat(stage(rig.legacy, "counters")).isEqualTo("shadow");
        assertThat(CutoverRig.fenced(rig.legacy)).doesNotContain("counters");
    }

    @Test
    void aGroupWhoseCaptureWasGivenUpAtTheLastMomentStaysWhereItIs() {
        Crossfade proxy = rig.proxy();
        proxy.works()
                .onStep(work -> atStep(
                        work,
                        "counters: fencing legacy",
                        "UPDATE crossfade.capture SET given_up = true WHERE group_name = 'counters'"));
        Work work = CutoverRig.cutover(proxy);
        assertThat(work.outcome()).contains("Somebody else has changed group counters");
        assertThat(stage(rig.legacy, "counters")).isEqualTo("rollout");
        assertThat(CutoverRig.fenced(rig.legacy)).doesNotContain("counters");
    }

    @Test
    void whatASideHoldsThatTheWritesWereTakenFromIsNotClearedFromItsJournal() throws SQLException {
        Crossfade proxy = Crossfade.start(rig.vertx, rig.settings.with(new JournalSettings(1, 1L << 40, true)), true)
                .await();
        try (Connection writer = session(rig.target)) {
            rig.legacy.execute("UPDATE crossfade.state SET epoch = 1001");
            CounterRig.await(
                    "the target follows",
                    () -> rig.target
                            .rows("SELECT DISTINCT epoch FROM crossfade.state")
                            .equals(List.of("1001")));
            // As long as somebody writes there, nobody can take the writes back.
            writer.setAutoCommit(false);
            try (Statement statement = writer.createStatement()) {
                statement.execute("LOCK TABLE counters IN ROW EXCLUSIVE MODE");
            }
            rig.target.execute("UPDATE crossfade.state SET epoch = 5, stage = 'live', authority = 'target'"
                    + " WHERE group_name = 'counters';"
                    + " INSERT INTO crossfade.journal (repository, kind, bypass)"
                    + " SELECT id, 'resync', false FROM crossfade.repository");
            CounterRig.await("what nobody needs is cleared", () -> entries("bookings") == 0);
            assertThat(entries("counters")).isOne();
        } finally {
            proxy.close().await();
        }
    }

    private long entries(String group) {
        return rig.target.number("SELECT count(*) FROM crossfade.journal AS j JOIN crossfade.repository AS r"
                + " ON r.id = j.repository WHERE r.group_name = '" + group + "'");
    }

    private static Connection session(TestDatabase side) throws SQLException {
        PgConnectOptions at = side.connectOptions();
        return DriverManager.getConnection(
                "jdbc:postgresql://" + at.getHost() + ":" + at.getPort() + "/" + at.getDatabase(),
                at.getUser(),
                at.getPassword());
    }

    private void breakCountersWhileBookingsMove(Work work) {
        atStep(
                work,
                "bookings: fencing legacy",
                "INSERT INTO crossfade.fact (group_name, fact, repositories, generation, ok, at, detail)"
                        + " VALUES ('counters', 'guardrails', '{counters}', 1, false, now(), 'it was broken')"
                        + " ON CONFLICT DO NOTHING");
    }

    private void atStep(Work work, String name, String change) {
        List<Step> steps = work.steps();
        if (!steps.isEmpty() && steps.get(steps.size() - 1).name().equals(name)) {
            rig.legacy.execute(change);
        }
    }

    private static String stage(TestDatabase side, String group) {
        return side.value("SELECT stage FROM crossfade.state WHERE group_name = '" + group + "'");
    }
}
