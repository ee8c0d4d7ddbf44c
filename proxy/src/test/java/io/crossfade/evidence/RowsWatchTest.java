package io.crossfade.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.RowsGone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowsWatchTest {
    private final List<Observation> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private final RowsWatch watch = new RowsWatch(() -> now, told::add);

    @Test
    void aShapeThatFoundRowsAndFindsNoneOnOneSideIsToldOnce() {
        see(30, 1, 1);
        see(200, 1, 0);

        assertThat(told).hasSize(1);
        RowsGone gone = (RowsGone) told.get(0);
        assertThat(gone.repository()).isEqualTo("clients");
        assertThat(gone.side()).isEqualTo(Side.TARGET);
        assertThat(watch.now()).extracting(RowsWatch.Gone::side).containsExactly(Side.TARGET);
    }

    @Test
    void itIsOverWhenRowsAreFoundAgainAndToldAnewTheNextTime() {
        see(30, 1, 1);
        see(100, 1, 0);
        see(1, 1, 1);
        assertThat(watch.now()).isEmpty();
        see(300, 1, 0);
        assertThat(told).hasSize(2);
    }

    @Test
    void aShapeThatNeverFoundRowsIsNoAlarm() {
        see(1_000, 0, 0);
        assertThat(told).isEmpty();
    }

    @Test
    void aFewMissesInARowAreNoAlarm() {
        see(30, 1, 1);
        see(19, 0, 0);
        assertThat(told).isEmpty();
    }

    @Test
    void manyMissesWithinAMomentAreNoAlarm() {
        see(30, 1, 1);
        for (int n = 0; n < 1_000; n++) {
            watch.observe(Compared.rows("clients", "shape", 0, 0));
        }
        assertThat(told).isEmpty();
        now = now.plus(Duration.ofMinutes(10));
        watch.observe(Compared.rows("clients", "shape", 0, 0));
        assertThat(told).hasSize(2);
    }

    @Test
    void aShapeThatSeldomFindsRowsIsNoAlarmForAHundredThousandReads() {
        Random random = new Random(11);
        for (int n = 0; n < 100_000; n++) {
            long rows = random.nextInt(10) == 0 ? 1 : 0;
            see(1, rows, rows);
        }
        assertThat(told).isEmpty();
        see(200, 0, 0);
        assertThat(told).hasSize(2);
    }

    @Test
    void readsThatFailedSayNothing() {
        see(30, 1, 1);
        for (int n = 0; n < 200; n++) {
            now = now.plusSeconds(60);
            watch.observe(Compared.failed("clients", "shape", null, "42501"));
        }
        assertThat(told).extracting(gone -> ((RowsGone) gone).side()).containsExactly(Side.LEGACY);
    }

    @Test
    void whatWasFoundBeforeThisProxyWasStartedCounts() {
        ShapeNumbers numbers = new ShapeNumbers();
        for (int n = 0; n < 100; n++) {
            numbers.count(Compared.rows("clients", "shape", 1, 1));
        }
        watch.remember(List.of(new Evidence.Shape("clients", "findMany", "shape", now, numbers)));
        see(30, 0, 0);
        assertThat(told).hasSize(2);
    }

    private void see(int times, long legacy, long target) {
        for (int n = 0; n < times; n++) {
            now = now.plusSeconds(60);
            watch.observe(Compared.rows("clients", "shape", legacy, target));
        }
    }
}
