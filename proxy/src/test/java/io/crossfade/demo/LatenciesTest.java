package io.crossfade.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void percentilesAreWithinThreePercentOfTheTruth() {
        Latencies latencies = new Latencies();
        for (int micros = 1; micros <= 10_000; micros++) {
            latencies.record(micros * 1_000L);
        }
        assertThat(latencies.count()).isEqualTo(10_000);
        assertThat(latencies.percentile(50)).isEqualTo(5.0, within(0.16));
        assertThat(latencies.percentile(99)).isEqualTo(9.9, within(0.32));
    }

    @Test
    void anyDurationHasABucket() {
        Latencies latencies = new Latencies();
        latencies.record(0);
        latencies.record(Long.MAX_VALUE);
        latencies.record(-1);
        assertThat(latencies.count()).isEqualTo(3);
    }

    @Test
    void beforeTheFirstCallThereIsNothingToTell() {
        assertThat(new Latencies().percentile(99)).isZero();
    }
}
