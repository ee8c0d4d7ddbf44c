package io.crossfade.observation;

import static io.crossfade.observation.CallsServed.failed;
import static io.crossfade.observation.CallsServed.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.SideHealth;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsObserverTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MetricsObserver metrics = new MetricsObserver(registry);

    @Test
    void aCallIsTimedAndCountedUnderTheNamesThatDashboardsRelyOn() {
        metrics.observe(ok("clients", Operation.FIND_ONE, Side.TARGET));
        metrics.observe(ok("clients", Operation.FIND_ONE, Side.TARGET));

        String labels = "operation=\"findOne\",outcome=\"ok\",repository=\"clients\",side=\"target\",stage=\"rollout\"";
        assertThat(registry.scrape())
                .contains("crossfade_calls_seconds_count{" + labels + "} 2")
                .contains("crossfade_calls_seconds_bucket{" + labels + ",le=\"0.0025\"} 0")
                .contains("crossfade_calls_seconds_bucket{" + labels + ",le=\"0.005\"} 2")
                .contains("crossfade_routed_total{operation=\"findOne\",reason=\"rollout\","
                        + "repository=\"clients\",side=\"target\"} 2.0");
    }

    @Test
    void aCallThatNoSideAnsweredIsCountedToo() {
        metrics.observe(failed("unknown", null, "PGRST205"));

        assertThat(registry.scrape()).contains("outcome=\"PGRST\",repository=\"unknown\",side=\"none\",stage=\"none\"");
    }

    @Test
    void theHealthOfASideIsAGauge() {
        metrics.observe(new SideHealth(Side.LEGACY, true, null));
        metrics.observe(new SideHealth(Side.TARGET, true, null));
        metrics.observe(new SideHealth(Side.TARGET, false, "connection refused"));

        assertThat(registry.scrape())
                .contains("crossfade_side_up{side=\"legacy\"} 1.0")
                .contains("crossfade_side_up{side=\"target\"} 0.0");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            -,        ok
            PGRST116, PGRST
            CF503,    CF503
            CFXYZ,    sqlstate-CF
            23505,    sqlstate-23
            anything, other
            """)
    void outcomesAreFewWhateverCodesAFunctionRaises(String code, String label) {
        assertThat(OutcomeLabel.of(code)).isEqualTo(label);
    }
}
