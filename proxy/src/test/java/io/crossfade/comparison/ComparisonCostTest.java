package io.crossfade.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.settings.ComparisonSettings;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The numbers of {@code docs/measurements/what-comparison-costs.md}; run with {@code -Dmeasure=true}. */
@EnabledIfSystemProperty(named = "measure", matches = "true")
class ComparisonCostTest {
    private static final String CLIENTS = """
            CREATE TABLE clients (id integer PRIMARY KEY, phone text, name text, visits integer, details jsonb, at timestamptz);
            INSERT INTO clients SELECT n, '+7900' || n, 'Клиент номер ' || n, n % 50,
              jsonb_build_object('note', repeat('текст ', 30), 'n', n), timestamptz '2026-01-01' FROM generate_series(1, 100) AS n;
            """;
    private static final int ROUNDS = 15;
    private static final int WARM_UP = 6;
    private static final int CALLS = 2_000;
    private static final int AT_ONCE = 8;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Test
    @Timeout(3_600)
    void aMatchedComparisonOfAHundredRowsAgainstTheCallItself() {
        try (ComparisonRig without = rig(0);
                ComparisonRig with = rig(100)) {
            double[] shares = new double[ROUNDS];
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                double call = micros(without);
                int before = with.compared.size();
                double compared = micros(with);
                double portion = (with.compared.size() - before) / (double) CALLS;
                double comparison = (compared - call) / portion;
                if (round >= 0) {
                    shares[round] = comparison / call / 10;
                    System.out.printf(
                            "call %.0f us, comparison %.0f us (%.0f %% of the calls compared), share at 10 %%: %.1f %%%n",
                            call, comparison, portion * 100, shares[round] * 100);
                }
            }
            Arrays.sort(shares);
            System.out.printf("median share of a call's CPU at a sample of 10 %%: %.1f %%%n", shares[ROUNDS / 2] * 100);
            assertThat(without.compared).isEmpty();
            assertThat(with.mismatches).isEmpty();
        }
    }

    private static ComparisonRig rig(double sample) {
        ComparisonSettings comparison = new ComparisonSettings(sample, 64, Duration.ofSeconds(5), 4, 0, 1 << 20, false);
        return ComparisonRig.straight(CLIENTS, settings -> settings.with(comparison), "clients");
    }

    /** What the proxy's threads take for a call, in microseconds of CPU. */
    private static double micros(ComparisonRig rig) {
        RestClient rest = rig.rest();
        long before = cpu();
        for (int done = 0; done < CALLS; done += AT_ONCE) {
            List<CompletableFuture<RestResponse>> running = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                running.add(rest.request("GET", "/clients?order=id").sendAsync());
            }
            running.forEach(answer -> answer.join().expectStatus(200));
        }
        ComparisonRig.await("nothing is under way", () -> rig.comparer().inFlight() == 0);
        return (cpu() - before) / 1_000.0 / CALLS;
    }

    /** Of the threads that serve and compare; the caller has its own. */
    private static long cpu() {
        long nanos = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null
                    && (thread.getThreadName().startsWith("vert.x-eventloop")
                            || thread.getThreadName().startsWith("crossfade-comparing"))) {
                nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos;
    }
}
