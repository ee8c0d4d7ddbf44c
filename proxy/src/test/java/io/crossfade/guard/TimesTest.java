package io.crossfade.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.5, 0.9, 0.99, 1})
    void aPercentileIsNeverTooShortAndAtMostAnEighthTooLong(double share) {
        long[] nanos = new Random(7).longs(1_000, 0, 3_000_000_000L).sorted().toArray();
        Times times = new Times();
        LongStream.of(nanos).forEach(times::add);
        long exact = nanos[(int) Math.ceil(share * nanos.length) - 1];
        assertThat(times.percentile(share)).isBetween(exact, exact + exact / 8);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 8, 9, 15, 16, 1_000, Long.MAX_VALUE})
    void everyTimeHasItsPlace(long nanos) {
        Times times = new Times();
        times.add(nanos);
        assertThat(times.percentile(0.99)).isBetween(nanos, nanos + nanos / 8 < 0 ? Long.MAX_VALUE : nanos + nanos / 8);
    }

    @Test
    void ofNothingThereIsNoPercentile() {
        assertThat(new Times().percentile(0.99)).isZero();
    }
}
