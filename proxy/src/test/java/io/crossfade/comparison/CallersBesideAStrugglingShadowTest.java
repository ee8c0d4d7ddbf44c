package io.crossfade.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.settings.CompareSettings;
import io.crossfade.settings.ComparisonSettings;
import io.crossfade.testing.RestClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The numbers of {@code docs/measurements/what-a-struggling-shadow-costs.md}; run with {@code -Dmeasure=true}. */
@EnabledIfSystemProperty(named = "measure", matches = "true")
class CallersBesideAStrugglingShadowTest {
    private static final String CLIENTS = """
            CREATE TABLE clients (id integer PRIMARY KEY, phone text, name text, visits integer);
            INSERT INTO clients SELECT n, '+7900' || n, 'Клиент номер ' || n, n % 50 FROM generate_series(1, 1000) AS n;
            """;
    private static final int ROUNDS = 7;
    private static final int WARM_UP = 2;
    private static final Duration TURN = Duration.ofSeconds(Integer.getInteger("measure.seconds", 3));
    private static final int CALLERS = 2;

    private final Map<Shadow, ComparisonRig> rigs = new EnumMap<>(Shadow.class);

    private enum Shadow {
        WELL,
        LATE,
        CUT,
        LOCKED
    }

    @AfterEach
    void close() {
        rigs.values().forEach(rig -> {
            // Or those would wait who say good-bye to it.
            rig.wireToTarget.cut();
            rig.close();
        });
    }

    @Test
    void callersOfFourProxiesInTurnsByWhatTheirShadowDoes() throws SQLException {
        for (Shadow shadow : Shadow.values()) {
            rigs.put(shadow, rig());
        }
        try (Connection locking = rig(Shadow.LOCKED).target.session();
                Statement statement = locking.createStatement()) {
            locking.setAutoCommit(false);
            statement.execute("LOCK TABLE clients IN ACCESS EXCLUSIVE MODE");
            rig(Shadow.LATE).wireToTarget.delay(Duration.ofSeconds(10));
            rig(Shadow.CUT).wireToTarget.cut();
            Map<Shadow, List<Times>> rounds = new EnumMap<>(Shadow.class);
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                for (Shadow shadow : Shadow.values()) {
                    Times times = callers(rig(shadow));
                    if (round >= 0) {
                        rounds.computeIfAbsent(shadow, first -> new ArrayList<>())
                                .add(times);
                    }
                }
            }
            List<Times> well = Objects.requireNonNull(rounds.get(Shadow.WELL));
            rounds.forEach((shadow, times) -> print(shadow, times, well));
        }
        assertThat(rig(Shadow.WELL).compared).isNotEmpty();
        assertThat(rig(Shadow.LATE).dropsByReason()).isNotEmpty();
        assertThat(rig(Shadow.CUT).dropsByReason()).containsKey("side-down");
        assertThat(rig(Shadow.LOCKED).dropsByReason()).containsKey("saturated");
        rigs.values().forEach(rig -> assertThat(rig.mismatches).isEmpty());
    }

    private ComparisonRig rig(Shadow shadow) {
        return Objects.requireNonNull(rigs.get(shadow));
    }

    private static ComparisonRig rig() {
        return ComparisonRig.with(
                CLIENTS,
                CompareSettings.DEFAULTS,
                settings -> settings.with(ComparisonSettings.DEFAULTS.sampling(100)),
                "clients");
    }

    /** What callers see who each make one call after the other. */
    private static Times callers(ComparisonRig rig) {
        RestClient rest = rig.rest();
        List<CompletableFuture<long[]>> callers = new ArrayList<>();
        long until = System.nanoTime() + TURN.toNanos();
        for (int caller = 0; caller < CALLERS; caller++) {
            callers.add(CompletableFuture.supplyAsync(
                    () -> calls(rest, until), task -> new Thread(task, "caller").start()));
        }
        return new Times(callers.stream()
                .flatMapToLong(caller -> Arrays.stream(caller.join()))
                .sorted()
                .toArray());
    }

    private static long[] calls(RestClient rest, long until) {
        LongStream.Builder nanos = LongStream.builder();
        long began = System.nanoTime();
        while (began < until) {
            rest.get("/clients?order=id&limit=10&offset=" + began % 900).expectStatus(200);
            long ended = System.nanoTime();
            nanos.add(ended - began);
            began = ended;
        }
        return nanos.build().toArray();
    }

    private void print(Shadow shadow, List<Times> times, List<Times> well) {
        List<Double> halves = new ArrayList<>();
        List<Double> most = new ArrayList<>();
        for (int round = 0; round < times.size(); round++) {
            Times mine = times.get(round);
            Times its = well.get(round);
            halves.add(mine.micros(0.5) / its.micros(0.5));
            most.add(mine.micros(0.99) / its.micros(0.99));
            System.out.printf(
                    Locale.ROOT,
                    "%s %d: %d calls, p50 %.0f us, p99 %.0f us, against well %.2f and %.2f%n",
                    shadow,
                    round + 1,
                    mine.nanos.length,
                    mine.micros(0.5),
                    mine.micros(0.99),
                    halves.get(round),
                    most.get(round));
        }
        ComparisonRig rig = rig(shadow);
        System.out.printf(
                Locale.ROOT,
                "%s median against well: p50 %.2f, p99 %.2f; compared %d, not compared %s%n",
                shadow,
                median(halves),
                median(most),
                rig.compared.size(),
                rig.dropsByReason());
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** In order. */
    private static final class Times {
        private final long[] nanos;

        Times(long[] nanos) {
            this.nanos = nanos;
        }

        double micros(double share) {
            return nanos[(int) (nanos.length * share)] / 1_000.0;
        }
    }
}
