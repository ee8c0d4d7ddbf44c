package io.crossfade.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.SequencesLeftAlone;
import io.crossfade.settings.Settings;
import io.crossfade.sides.Sides;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The step that keeps the shadow's sequences close behind. */
class SequenceStepTest {
    private static final String TABLES = "CREATE TABLE clients (id bigserial PRIMARY KEY, n bigserial)";
    private static final Duration OFTEN = Duration.ofMillis(20);

    private final Vertx vertx = Vertx.vertx();
    private final Queue<Observation> observations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile boolean leading = true;
    private TestDatabase legacy;
    private TestDatabase target;
    private Sides sides;
    private @Nullable SequenceStep step;

    @BeforeEach
    void start() {
        legacy = PostgresServers.legacy().database(List.of(TABLES));
        target = PostgresServers.target().database(List.of(TABLES));
        Settings settings = CrossfadeExtension.settings(legacy, target);
        CrossfadeExtension.install(vertx, settings);
        sides = Sides.open(vertx, settings, observations::add);
    }

    @AfterEach
    void stop() {
        if (step != null) {
            step.stop().await();
        }
        sides.close().await();
        vertx.close().await();
        legacy.drop();
        target.drop();
    }

    @Test
    void theShadowFollowsAgainAndAgain() {
        step = begin();
        for (int to : List.of(100, 2000, 30_000)) {
            legacy.execute("SELECT setval('clients_id_seq', " + to + ")");
            await("the shadow follows", () -> target.number("SELECT last_value FROM clients_id_seq") >= to);
        }
    }

    @Test
    void whoDoesNotReplayTheGroupTouchesNothing() {
        leading = false;
        legacy.execute("SELECT setval('clients_id_seq', 100)");
        step = begin();
        await("it was asked", () -> looks.get() >= 3);
        assertThat(target.number("SELECT last_value FROM clients_id_seq")).isEqualTo(1);
        leading = true;
        await("the shadow follows", () -> target.number("SELECT last_value FROM clients_id_seq") >= 100);
    }

    @Test
    void aProblemIsToldOnceAndEndsNothing() {
        target.execute("ALTER TABLE clients ALTER n DROP DEFAULT; DROP SEQUENCE clients_n_seq");
        step = begin();
        await("it is told", () -> told() == 1);
        legacy.execute("SELECT setval('clients_id_seq', 100)");
        await("the other follows", () -> target.number("SELECT last_value FROM clients_id_seq") >= 100);
        int seen = looks.get();
        await("it looks again", () -> looks.get() > seen + 3);
        assertThat(told()).isEqualTo(1);
        target.execute("DROP TABLE crossfade.repository");
        await("the next problem is told", () -> told() == 2);
    }

    @Test
    void afterTheEndItDoesNotEvenLook() {
        step = begin();
        await("it looks", () -> looks.get() > 0);
        step.stop().await();
        int seen = looks.get();
        AtomicInteger ticks = new AtomicInteger();
        long timer = vertx.setPeriodic(OFTEN.toMillis(), tick -> ticks.incrementAndGet());
        await("its turn would have come", () -> ticks.get() > 3);
        vertx.cancelTimer(timer);
        assertThat(looks.get()).isEqualTo(seen);
    }

    private long told() {
        return observations.stream()
                .filter(SequencesLeftAlone.class::isInstance)
                .count();
    }

    private SequenceStep begin() {
        return SequenceStep.start(
                vertx,
                "clients",
                sides.find(Side.LEGACY).orElseThrow(),
                sides.find(Side.TARGET).orElseThrow(),
                OFTEN,
                () -> {
                    looks.incrementAndGet();
                    return leading;
                },
                observations::add);
    }

    private static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
        }
    }
}
