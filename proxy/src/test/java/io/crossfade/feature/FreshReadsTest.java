package io.crossfade.feature;

import static io.crossfade.feature.CounterRig.COUNTERS;
import static io.crossfade.feature.CounterRig.await;
import static io.crossfade.feature.CounterRig.fresh;
import static io.crossfade.feature.CounterRig.number;
import static io.crossfade.feature.CounterRig.side;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Stage;
import io.crossfade.settings.FreshnessSettings;
import io.crossfade.settings.FreshnessSettings.Ack;
import io.crossfade.settings.FreshnessSettings.StaleReads;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A read that the target answers has seen every write that was answered before it. */
class FreshReadsTest {
    private static final int TIMES = 15;

    /** Long enough for a busy machine to keep the lease. */
    private static final FreshnessSettings PATIENT = fresh(Duration.ofSeconds(2), Duration.ofSeconds(5));

    @Test
    void clientsThatReadAndThenWriteLoseNoUpdateAtHalfARollout() throws Exception {
        try (CounterRig rig = new CounterRig(Stage.ROLLOUT, 50, PATIENT)) {
            RestClient proxy = rig.proxy();
            await("the target answers", () -> anyFromTarget(rig, proxy));
            rig.count(TIMES, proxy);
            assertThat(rig.counted()).isEqualTo((long) COUNTERS * TIMES);
            assertThat(rig.readsOfTarget.get()).as("reads of the target").isPositive();
        }
    }

    @Test
    void clientsLoseNoUpdateThroughTwoProxiesEither() throws Exception {
        FreshnessSettings freshness = fresh(Duration.ofMillis(300), Duration.ofSeconds(2));
        try (CounterRig rig = new CounterRig(Stage.ROLLOUT, 50, freshness)) {
            RestClient one = rig.proxy();
            await("the target answers", () -> anyFromTarget(rig, one));
            RestClient other = rig.proxy();
            rig.count(TIMES, one, other);
            assertThat(rig.counted()).isEqualTo((long) COUNTERS * TIMES);
            assertThat(rig.readsOfTarget.get()).as("reads of the target").isPositive();
        }
    }

    @Test
    void clientsLoseUpdatesWhereStaleReadsAreAccepted() throws Exception {
        FreshnessSettings careless =
                new FreshnessSettings(Ack.AUTHORITY, Duration.ofHours(1), Duration.ofMillis(100), StaleReads.ACCEPTED);
        try (CounterRig rig = new CounterRig(Stage.ROLLOUT, 50, careless)) {
            RestClient proxy = rig.proxy();
            await("the target answers", () -> anyFromTarget(rig, proxy));
            rig.target.execute("BEGIN; LOCK TABLE counters IN EXCLUSIVE MODE");
            rig.count(TIMES, proxy);
            assertThat(rig.counted()).isLessThan((long) COUNTERS * TIMES);
            rig.target.execute("COMMIT");
        }
    }

    @Test
    void whileTheTargetIsAwayWritesAreAnsweredAndReadsGoToTheAuthorityUntilItIsBack() {
        try (CounterRig rig = new CounterRig(Stage.ROLLOUT, 100, PATIENT)) {
            RestClient proxy = rig.proxy();
            rig.awaitTarget(proxy, 1);
            rig.wireToTarget.cut();
            rig.write(proxy, 1, 7);
            double before = rig.reads("catching-up");
            RestResponse seen = rig.read(proxy, 1);
            assertThat(side(seen)).isEqualTo("legacy");
            assertThat(number(seen)).isEqualTo(7);
            assertThat(rig.reads("catching-up")).isGreaterThan(before);
            rig.wireToTarget.restore();
            rig.awaitTarget(proxy, 1);
            assertThat(number(rig.read(proxy, 1))).isEqualTo(7);
        }
    }

    @Test
    void aDeadLetterSendsTheReadsOfItsGroupToTheAuthorityUntilItHeals() {
        try (CounterRig rig = new CounterRig(Stage.ROLLOUT, 100, PATIENT)) {
            RestClient proxy = rig.proxy();
            rig.awaitTarget(proxy, 1);
            rig.target.execute("ALTER TABLE counters ADD CONSTRAINT small CHECK (n < 1000)");
            rig.write(proxy, 1, 5_000);
            for (int counter = 1; counter <= COUNTERS; counter++) {
                assertThat(side(rig.read(proxy, counter))).isEqualTo("legacy");
            }
            assertThat(number(rig.read(proxy, 1))).isEqualTo(5_000);
            rig.target.execute("ALTER TABLE counters DROP CONSTRAINT small");
            rig.awaitTarget(proxy, 1);
            assertThat(number(rig.read(proxy, 1))).isEqualTo(5_000);
        }
    }

    @Test
    void aWriteThatTheReplayCannotBringIsAnsweredAllTheSameAndNoReadMissesIt() {
        try (CounterRig rig =
                new CounterRig(Stage.ROLLOUT, 100, fresh(Duration.ofSeconds(1), Duration.ofMillis(2_500)))) {
            RestClient proxy = rig.proxy();
            rig.awaitTarget(proxy, 1);
            rig.target.execute("BEGIN; LOCK TABLE counters IN EXCLUSIVE MODE");
            rig.write(proxy, 1, 7);
            for (int turn = 0; turn < 50; turn++) {
                assertThat(number(rig.read(proxy, 1))).isEqualTo(7);
            }
            assertThat(rig.target.number("SELECT n FROM counters WHERE id = 1"))
                    .as("the target does not have the write")
                    .isZero();
            rig.target.execute("COMMIT");
            rig.awaitTarget(proxy, 1);
            assertThat(number(rig.read(proxy, 1))).isEqualTo(7);
        }
    }

    @Test
    void whileAWriteIsUnderWayOnlyReadsThatMayTouchItsRowGoToTheAuthority() {
        FreshnessSettings longLease = fresh(Duration.ofSeconds(3), Duration.ofSeconds(7));
        try (CounterRig rig = new CounterRig(Stage.ROLLOUT, 100, longLease)) {
            RestClient proxy = rig.proxy();
            rig.awaitTarget(proxy, 1);
            rig.legacy.execute("BEGIN; SELECT n FROM counters WHERE id = 1 FOR UPDATE");
            CompletableFuture<RestResponse> written = proxy.request("PATCH", "/counters?id=eq.01")
                    .json("{\"n\":7}")
                    .sendAsync();
            await(
                    "the write is under way",
                    () -> rig.legacy.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
            assertThat(side(rig.read(proxy, 1))).isEqualTo("legacy");
            assertThat(side(proxy.get("/counters?n=gte.0"))).isEqualTo("legacy");
            assertThat(side(rig.read(proxy, 2))).isEqualTo("target");
            assertThat(rig.reads("fresh")).isEqualTo(2);
            rig.legacy.execute("COMMIT");
            written.join().expectStatus(204);
            rig.awaitTarget(proxy, 1);
            assertThat(number(rig.read(proxy, 1))).isEqualTo(7);
        }
    }

    @Test
    void inStageShadowAWriteDoesNotWaitForATargetThatIsSilent() {
        try (CounterRig rig = new CounterRig(Stage.SHADOW, 0, fresh(Duration.ofHours(1), Duration.ofHours(2)))) {
            RestClient proxy = rig.proxy();
            rig.wireToTarget.silence();
            rig.write(proxy, 1, 7);
            assertThat(rig.legacy.number("SELECT n FROM counters WHERE id = 1")).isEqualTo(7);
            assertThat(rig.target.number("SELECT n FROM counters WHERE id = 1")).isZero();
            // So that the proxy, which has to stop in time, does not wait for the target's last word.
            rig.wireToTarget.cut();
        }
    }

    private static boolean anyFromTarget(CounterRig rig, RestClient proxy) {
        for (int counter = 1; counter <= COUNTERS; counter++) {
            if (side(rig.read(proxy, counter)).equals("target")) {
                return true;
            }
        }
        return false;
    }
}
