package io.crossfade.feature;

import static io.crossfade.feature.CutoverRig.await;
import static io.crossfade.feature.CutoverRig.cutover;
import static io.crossfade.feature.CutoverRig.cutovers;
import static io.crossfade.feature.CutoverRig.expectDone;
import static io.crossfade.feature.CutoverRig.fenced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.Crossfade;
import io.crossfade.cutover.Decided;
import io.crossfade.cutover.Reconciliation;
import io.crossfade.cutover.Reconciliation.Selection;
import io.crossfade.cutover.Undecided;
import io.crossfade.migration.Side;
import io.crossfade.rollout.By;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TcpRelay.Direction;
import io.crossfade.testing.TestDatabase;
import io.crossfade.work.Work;
import io.crossfade.work.WorkState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The target has the authority and cannot be reached: legacy takes the writes back, and nothing is lost unseen. */
class ForcedRollbackTest {
    private static final By OLGA = By.operator("olga");

    private CutoverRig rig;

    @BeforeEach
    void open() {
        rig = new CutoverRig(CutoverSettings.DEFAULTS);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void writesGoOnAtLegacyAndWhatItLacksIsListedAppliedOrDiscarded() {
        Crossfade proxy = live();
        rest(proxy).post("/clients", "{\"writer\":1,\"n\":1}").expectStatus(201);
        proxy.caughtUp().await();
        rig.wireToTarget.cut();
        rig.target.execute("""
                INSERT INTO clients (writer, n) VALUES (900, 1), (900, 2);
                UPDATE counters SET n = 77 WHERE id IN (1, 3);
                DELETE FROM counters WHERE id = 2""");
        long taken = rig.target.number("SELECT last_value FROM clients_id_seq");

        expectDone(force(proxy));
        assertThat(fenced(rig.legacy)).isEmpty();
        RestResponse written = rest(proxy)
                .request("POST", "/clients?select=id")
                .prefer("return=representation")
                .json("{\"writer\":2,\"n\":1}")
                .send();
        written.expectStatus(201);
        assertThat(written.json().get(0).path("id").asLong()).isGreaterThan(taken + 90_000);
        rest(proxy).patch("/counters?id=eq.3", "{\"n\":50}").expectStatus(204);

        rig.wireToTarget.restore();
        awaitTakenBack();
        Reconciliation reconciliation = reconciliation(proxy);
        assertThat(reconciliation.counts().await()).isEqualTo(Map.of("bookings", 2L, "counters", 3L));
        Map<String, Undecided> counters = new TreeMap<>();
        reconciliation
                .list(Selection.of("counters"), 10, true)
                .await()
                .forEach(entry -> counters.put(entry.columns().get(0).present().text(), entry));
        assertThat(counters.get("1").differing()).containsExactly("n");
        assertThat(counters.get("1").changedSince()).isFalse();
        assertThat(counters.get("2").there()).isFalse();
        assertThat(counters.get("2").onAuthority()).isTrue();
        assertThat(counters.get("3").changedSince()).isTrue();
        assertThat(reconciliation
                        .list(Selection.everything(), 10, false)
                        .await()
                        .toString())
                .as("values are hidden unless they are asked for")
                .doesNotContain("900")
                .doesNotContain("text=7")
                .contains("hash=");

        Decided applied =
                reconciliation.apply(Selection.everything(), false, OLGA).await();
        assertThat(applied).isEqualTo(new Decided(4, 1, 0, Map.of(), List.of()));
        assertThat(rig.legacy.rows("SELECT id, n FROM counters WHERE id < 4 ORDER BY id"))
                .containsExactly("1|77", "3|50");
        assertThat(rig.legacy.number("SELECT count(*) FROM clients WHERE writer = 900"))
                .isEqualTo(2);
        Decided discarded = reconciliation.discard(Selection.everything(), OLGA).await();
        assertThat(discarded.done()).isEqualTo(1);
        assertThat(reconciliation.counts().await()).isEmpty();
        rig.expectEqual();
        assertThat(rig.target.rows("SELECT id, n FROM counters WHERE id < 4 ORDER BY id"))
                .containsExactly("1|77", "3|50");
    }

    @Test
    void anEntryCanBeAppliedOverAChangeWhereThatIsAskedFor() {
        Crossfade proxy = live();
        rig.wireToTarget.cut();
        rig.target.execute("UPDATE counters SET n = 77 WHERE id = 1");
        expectDone(force(proxy));
        rest(proxy).patch("/counters?id=eq.1", "{\"n\":50}").expectStatus(204);
        rig.wireToTarget.restore();
        awaitTakenBack();
        Undecided entry = reconciliation(proxy)
                .list(Selection.everything(), 10, false)
                .await()
                .get(0);
        Selection one = Selection.one(Side.TARGET, entry.id());
        assertThat(reconciliation(proxy).apply(one, false, OLGA).await().changedSince())
                .isEqualTo(1);
        assertThat(rig.legacy.number("SELECT n FROM counters WHERE id = 1")).isEqualTo(50);
        assertThat(reconciliation(proxy).apply(one, true, OLGA).await().done()).isEqualTo(1);
        assertThat(rig.legacy.number("SELECT n FROM counters WHERE id = 1")).isEqualTo(77);
        rig.expectEqual();
    }

    @Test
    void aDecisionThatWasCarriedOutAndIsStillListedCanBeMadeOnceMore() {
        Crossfade proxy = live();
        rig.wireToTarget.cut();
        rig.target.execute("UPDATE counters SET n = 77 WHERE id = 1; INSERT INTO clients (writer, n) VALUES (9, 9)");
        expectDone(force(proxy));
        rig.wireToTarget.restore();
        awaitTakenBack();
        rig.target.execute("CREATE TABLE kept AS SELECT * FROM crossfade.reconciliation");
        assertThat(reconciliation(proxy)
                        .apply(Selection.everything(), false, OLGA)
                        .await()
                        .done())
                .isEqualTo(2);
        rig.target.execute("INSERT INTO crossfade.reconciliation OVERRIDING SYSTEM VALUE SELECT * FROM kept");
        assertThat(reconciliation(proxy)
                        .apply(Selection.everything(), false, OLGA)
                        .await())
                .isEqualTo(new Decided(2, 0, 0, Map.of(), List.of()));
        rig.target.execute("INSERT INTO crossfade.reconciliation OVERRIDING SYSTEM VALUE SELECT * FROM kept");
        assertThat(reconciliation(proxy)
                        .discard(Selection.everything(), OLGA)
                        .await()
                        .done())
                .isEqualTo(2);
        rig.expectEqual();
        rig.target.execute("DROP TABLE kept");
    }

    @Test
    void whileTheTargetAnswersForceIsRefused() {
        Crossfade proxy = live();
        Work work = force(proxy);
        assertThat(work.state()).isEqualTo(WorkState.FAILED);
        assertThat(work.outcome()).contains("answers", "without force");
        assertThat(fenced(rig.target)).isEmpty();
        assertThat(rig.legacy.rows("SELECT DISTINCT authority FROM crossfade.state"))
                .containsExactly("target");
    }

    @Test
    void whoeverIsInTheMiddleOfAWriteAtTheReturnIsWaitedForAndListedBeforeAnythingIsReplayed() {
        Crossfade proxy = live();
        rig.wireToTarget.cut();
        expectDone(force(proxy));
        rest(proxy).patch("/counters?id=eq.5", "{\"n\":55}").expectStatus(204);
        rig.target.execute("BEGIN; UPDATE counters SET n = 66 WHERE id = 5");
        rig.wireToTarget.restore();
        CounterRig.await("it is waited for", () -> waits(rig.target));
        rig.target.execute("COMMIT");
        awaitTakenBack();
        assertThatThrownBy(() -> rig.target.execute("UPDATE counters SET n = 67 WHERE id = 5"))
                .rootCause()
                .hasMessageContaining("""
                        ERROR: writes to "counters" are refused here: its authority is the legacy side
                          Hint: Write through Crossfade, or to the legacy database.""");
        List<Undecided> listed =
                reconciliation(proxy).list(Selection.everything(), 10, true).await();
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).columns().get(1).listed().text()).isEqualTo("66");
        assertThat(listed.get(0).columns().get(1).present().text()).isEqualTo("55");
        rig.expectEqual();
    }

    @Test
    void aTakingBackThatIsKilledInTheMiddleLeavesNothingBehindAndIsDoneAgain() {
        Crossfade proxy = live();
        rig.wireToTarget.cut();
        rig.target.execute("INSERT INTO clients (writer, n) SELECT 900, n FROM generate_series(1, 50) AS n");
        expectDone(force(proxy));
        rig.target.execute("BEGIN; LOCK TABLE crossfade.reconciliation IN ACCESS EXCLUSIVE MODE");
        rig.wireToTarget.restore();
        for (int round = 0; round < 3; round++) {
            CounterRig.await(
                    "it is killed in the middle",
                    () -> rig.target
                            .rows("SELECT pg_terminate_backend(pid) FROM pg_locks"
                                    + " WHERE NOT granted AND relation = 'crossfade.reconciliation'::regclass")
                            .contains("t"));
        }
        assertThat(rig.target.rows("SELECT DISTINCT authority FROM crossfade.state"))
                .contains("target");
        rig.target.execute("COMMIT");
        awaitTakenBack();
        assertThat(rig.target.number("SELECT count(*) FROM crossfade.reconciliation"))
                .isEqualTo(50);
        reconciliation(proxy).apply(Selection.everything(), false, OLGA).await();
        assertThat(rig.legacy.number("SELECT count(*) FROM clients WHERE writer = 900"))
                .isEqualTo(50);
        rig.expectEqual();
    }

    @Test
    void aForceWhoseAnswerIsLostIsFoundToHaveHappenedOnce() {
        Crossfade proxy = live();
        rig.wireToTarget.cut();
        long before = rig.legacy.number("SELECT max(epoch) FROM crossfade.state");
        rig.wireToLegacy.whenSeen(Direction.FROM_DATABASE, "COMMIT", rig.wireToLegacy::sever);
        expectDone(force(proxy));
        assertThat(rig.wireToLegacy.isSeen()).isTrue();
        assertThat(rig.legacy.number("SELECT max(epoch) FROM crossfade.state")).isEqualTo(before + 1_000);
        assertThat(fenced(rig.legacy)).isEmpty();
        rest(proxy).patch("/counters?id=eq.1", "{\"n\":5}").expectStatus(204);
    }

    @Test
    void aProxyThatReachesTheTargetAloneCannotWriteThereOnceItIsBack() {
        TcpRelay lonely = new TcpRelay(rig.legacy.connectOptions());
        try {
            Crossfade proxy = live();
            Crossfade stale = rig.proxy(lonely.connectOptions(), rig.target.connectOptions());
            rig.wireToTarget.cut();
            lonely.cut();
            rest(stale).post("/clients", "{\"writer\":7,\"n\":1}").expectStatus(201);
            expectDone(force(proxy));
            // Nobody can keep it from that: the target knows of nothing yet.
            rest(stale).post("/clients", "{\"writer\":7,\"n\":2}").expectStatus(201);
            rig.wireToTarget.restore();
            awaitTakenBack();
            rest(stale).post("/clients", "{\"writer\":7,\"n\":3}").expectStatus(503);
            assertThat(rig.target.number("SELECT count(*) FROM clients WHERE n = 3"))
                    .isZero();
            assertThat(reconciliation(proxy).left("bookings").await()).isEqualTo(2);
            reconciliation(proxy).apply(Selection.of("clients"), false, OLGA).await();
            assertThat(rig.legacy.rows("SELECT n FROM clients WHERE writer = 7 ORDER BY n"))
                    .containsExactly("1", "2");
            rig.expectEqual();
        } finally {
            lonely.close();
        }
    }

    @Test
    void aMoveThatIsStuckBecauseTheTargetWentAwayIsEndedByForce() {
        Crossfade proxy = rig.proxy();
        proxy.works().onStep(work -> {
            if (work.kind().equals("cutover")
                    && work.steps().stream().anyMatch(step -> step.name().equals("bookings: replaying the rest"))) {
                rig.wireToTarget.cut();
            }
        });
        assertThat(cutover(proxy).state()).isEqualTo(WorkState.FAILED);
        assertThat(rig.legacy.rows("SELECT moving_to FROM crossfade.state WHERE group_name = 'bookings'"))
                .containsExactly("target");
        expectDone(force(proxy));
        assertThat(fenced(rig.legacy)).isEmpty();
        rest(proxy).post("/clients", "{\"writer\":1,\"n\":1}").expectStatus(201);
        rig.wireToTarget.restore();
        awaitTakenBack();
        assertThat(reconciliation(proxy).counts().await()).isEmpty();
        rig.expectEqual();
    }

    @Test
    void theNumberOfWritesThatWouldBeLostIsKnownAndIsZeroWhileNothingWaits() {
        Crossfade proxy = live();
        CounterRig.await("nothing waits", () -> proxy.atRisk().of("counters").rows() == 0);
        rig.legacy.execute("BEGIN; LOCK TABLE counters IN SHARE MODE");
        for (int i = 1; i <= 5; i++) {
            rest(proxy).patch("/counters?id=eq." + i, "{\"n\":5}").expectStatus(204);
        }
        assertThat(proxy.atRisk().of("counters").rows()).isGreaterThanOrEqualTo(5);
        CounterRig.await(
                "a look has seen them", () -> proxy.atRisk().of("counters").backlog() == 5);
        CounterRig.await("they count once", () -> proxy.atRisk().of("counters").rows() == 5);
        rig.wireToTarget.cut();
        rig.legacy.execute("ROLLBACK");
        Work work = force(proxy);
        expectDone(work);
        assertThat(work.report())
                .containsEntry("counters.rowsAtRisk", 5L)
                .containsEntry("counters.backlogAtLastLook", 5L)
                .containsEntry("bookings.rowsAtRisk", 0L);
        rig.wireToTarget.restore();
        awaitTakenBack();
        Decided applied =
                reconciliation(proxy).apply(Selection.everything(), false, OLGA).await();
        assertThat(applied.done()).isLessThanOrEqualTo(5);
        assertThat(reconciliation(proxy).counts().await()).isEmpty();
        assertThat(rig.legacy.number("SELECT count(*) FROM counters WHERE n = 5"))
                .isEqualTo(5);
        rig.expectEqual();
    }

    @Test
    void aTableThatWasEmptiedIsListedAsAWholeAndCanOnlyBeDiscarded() {
        Crossfade proxy = live();
        rig.wireToTarget.cut();
        rig.target.execute("TRUNCATE counters");
        expectDone(force(proxy));
        rig.wireToTarget.restore();
        awaitTakenBack();
        List<Undecided> listed =
                reconciliation(proxy).list(Selection.everything(), 10, true).await();
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).table()).isTrue();
        assertThat(listed.get(0).repository()).isEqualTo("counters");
        assertThat(listed.get(0).columns()).isEmpty();
        assertThat(reconciliation(proxy)
                        .apply(Selection.everything(), true, OLGA)
                        .await())
                .isEqualTo(new Decided(0, 0, 1, Map.of(), List.of()));
        assertThat(rig.legacy.number("SELECT count(*) FROM counters")).isEqualTo(32);
        assertThat(reconciliation(proxy)
                        .discard(Selection.everything(), OLGA)
                        .await()
                        .done())
                .isEqualTo(1);
        assertThat(reconciliation(proxy).counts().await()).isEmpty();
        rig.expectEqual();
    }

    @Test
    void aDatabaseThatComesBackFromAnOldBackupIsFencedAndItsEntriesAreListed() {
        Crossfade proxy = live();
        rig.legacy.execute("""
                BEGIN;
                UPDATE crossfade.state SET epoch = 1, stage = 'rollout', authority = 'legacy', moving_to = NULL;
                ALTER TABLE clients DISABLE TRIGGER crossfade_fence;
                ALTER TABLE bookings DISABLE TRIGGER crossfade_fence;
                ALTER TABLE counters DISABLE TRIGGER crossfade_fence;
                UPDATE counters SET n = 44 WHERE id = 4;
                COMMIT""");
        CounterRig.await(
                "legacy is taken back",
                () -> rig.legacy
                                .rows("SELECT DISTINCT authority FROM crossfade.state")
                                .equals(List.of("target"))
                        && fenced(rig.legacy).size() == 3);
        assertThat(fenced(rig.target)).isEmpty();
        List<Undecided> listed =
                reconciliation(proxy).list(Selection.everything(), 10, true).await();
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).side()).isEqualTo(Side.LEGACY);
        assertThat(listed.get(0).changedSince()).as("nobody can tell").isTrue();
        assertThat(reconciliation(proxy)
                        .apply(Selection.everything(), false, OLGA)
                        .await()
                        .done())
                .isZero();
        assertThat(reconciliation(proxy)
                        .discard(Selection.everything(), OLGA)
                        .await()
                        .done())
                .isEqualTo(1);
        rig.expectEqual();
        assertThat(rig.legacy.number("SELECT n FROM counters WHERE id = 4")).isZero();
    }

    private Crossfade live() {
        Crossfade proxy = rig.proxy();
        expectDone(cutover(proxy));
        CounterRig.await(
                "legacy follows the target",
                () -> rig.legacy
                        .rows("SELECT DISTINCT authority FROM crossfade.state")
                        .equals(List.of("target")));
        return proxy;
    }

    private static Work force(Crossfade proxy) {
        return await(proxy, cutovers(proxy).force(Set.of(), OLGA));
    }

    private static Reconciliation reconciliation(Crossfade proxy) {
        return proxy.reconciliation().orElseThrow();
    }

    private static RestClient rest(Crossfade proxy) {
        return new RestClient("http://127.0.0.1:" + proxy.restPort() + "/rest/v1");
    }

    private void awaitTakenBack() {
        CounterRig.await(
                "the target follows legacy",
                () -> rig.target
                        .rows("SELECT DISTINCT authority FROM crossfade.state")
                        .equals(List.of("legacy")));
        assertThat(fenced(rig.target)).hasSize(3);
    }

    private static boolean waits(TestDatabase side) {
        return side.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0;
    }
}
