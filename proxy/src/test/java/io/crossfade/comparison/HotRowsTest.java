package io.crossfade.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.settings.CompareSettings;
import io.crossfade.settings.ComparisonSettings;
import io.crossfade.testing.RestClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rows that are written all the time differ whenever they are looked at, and none of it is a mismatch. Five seconds, or as many minutes as
 * {@code -Dcomparison.minutes} says, and longer where a busy machine has compared little by then.
 */
class HotRowsTest {
    /** Values that go away and come back, rows that come and go: what a comparison by values alone takes for standing still. */
    private static final String ROWS = """
            CREATE TABLE hot (id integer PRIMARY KEY, n integer NOT NULL, flag boolean NOT NULL, at timestamptz);
            INSERT INTO hot SELECT n, 0, false, '2026-11-22 09:00:00+00' FROM generate_series(1, 6) AS n;
            """;

    private static final List<String> READS = List.of(
            "/hot?id=eq.1",
            "/hot?order=id",
            "/hot?flag=is.true&select=id,flag",
            "/hot?select=n,flag&order=id&limit=4",
            "/hot?id=gte.100&select=id");
    private static final int LEAST_COMPARED = 100;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    @Test
    @Timeout(3_600)
    void rowsThatAreHammeredAreNeverConfirmedToDiffer() throws Exception {
        Duration time = Duration.ofMinutes(Integer.getInteger("comparison.minutes", 0));
        Instant end = Instant.now().plus(time.isZero() ? Duration.ofSeconds(5) : time);
        try (ComparisonRig rig = ComparisonRig.with(
                ROWS,
                CompareSettings.DEFAULTS,
                settings -> settings.with(ComparisonSettings.DEFAULTS.sampling(100)),
                "hot")) {
            Instant last = end.plus(LONGEST_WAIT);
            hammer(
                    rig,
                    () -> Instant.now().isBefore(end)
                            || (rig.compared.size() <= LEAST_COMPARED
                                    && Instant.now().isBefore(last)));
            ComparisonRig.await("nothing is under way", () -> rig.comparer().inFlight() == 0);

            System.out.println(rig.compared.size() + " compared, " + rig.mismatches.size() + " in flight, dropped "
                    + rig.dropsByReason());
            assertThat(rig.unexpected).isEmpty();
            assertThat(rig.mismatches.stream().filter(Mismatch::confirmed)).isEmpty();
            assertThat(rig.compared.size()).isGreaterThan(LEAST_COMPARED);
            assertThat(rig.compared.stream().filter(read -> read.verdict() == ReadCompared.Verdict.MISMATCHED))
                    .as("rows were caught in flight, so that there was something to suppress")
                    .isNotEmpty();
        }
    }

    private static void hammer(ComparisonRig rig, BooleanSupplier goesOn) throws Exception {
        RestClient rest = rig.rest();
        List<IntConsumer> work = List.of(
                n -> rest.patch("/hot?id=eq." + (1 + n % 3), "{\"n\":" + n % 2 + "}"),
                n -> rest.patch("/hot?id=eq." + (1 + n % 2), "{\"flag\":" + (n / 2 % 2 == 0) + "}"),
                n -> {
                    if (n % 2 == 0) {
                        rest.post("/hot", "{\"id\":100,\"n\":0,\"flag\":true}");
                    } else {
                        rest.delete("/hot?id=eq.100");
                    }
                },
                n -> rest.get(READS.get(ThreadLocalRandom.current().nextInt(READS.size()))),
                n -> rest.request("HEAD", "/hot?flag=is.true")
                        .prefer("count=exact")
                        .send());
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            List<Future<?>> running = new ArrayList<>();
            for (IntConsumer one : work) {
                running.add(threads.submit(() -> {
                    for (int n = 0; goesOn.getAsBoolean(); n++) {
                        one.accept(n);
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
