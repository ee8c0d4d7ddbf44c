package io.crossfade.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimesTest {
    @Test
    void percentilesAreOffByASixteenthAtMostFromMicrosecondsToMinutes() {
        Random random = new Random(7);
        double[] millis = new double[20_000];
        Times times = new Times();
        for (int n = 0; n < millis.length; n++) {
            millis[n] = Math.pow(10, random.nextDouble() * 6 - 1.5);
            times.count((long) (millis[n] * 1_000_000));
        }
        Arrays.sort(millis);
        for (double share : new double[] {0.01, 0.25, 0.5, 0.9, 0.99, 0.999}) {
            double exact = millis[(int) Math.ceil(millis.length * share) - 1];
            assertThat(times.percentile(share)).as("at %s", share).isCloseTo(exact, withinPercentage(6.5));
        }
    }

    @Test
    void twoThatAreAddedUpAreOneOfAllCalls() {
        Times first = new Times();
        Times second = new Times();
        Times all = new Times();
        for (int n = 1; n <= 1_000; n++) {
            (n % 3 == 0 ? first : second).count(n * 40_000L);
            all.count(n * 40_000L);
        }
        first.add(second.json());
        assertThat(first.json()).isEqualTo(all.json());
        assertThat(first.percentile(0.99)).isEqualTo(all.percentile(0.99));
    }

    @Test
    void nothingHasNoPercentileAndWhatTakesForeverCountsAsLong() {
        Times times = new Times();
        assertThat(times.percentile(0.5)).isNaN();
        times.count(Long.MAX_VALUE);
        times.count(-1);
        assertThat(times.percentile(1)).isBetween(100_000.0, 200_000.0);
        assertThat(times.percentile(0.5)).isLessThan(0.001);
    }
}
