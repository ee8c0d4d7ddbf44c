package io.crossfade.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.RetiredSideUsed;
import io.crossfade.observation.Observation.RetiredSideUsed.Use;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.sides.Sides;
import io.crossfade.testing.CanIgnoreReturnValue;
import io.crossfade.testing.CrossfadeExtension;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever uses what should be at rest is noticed, on real databases. */
class RetiredWatchTest {
    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql("""
                    CREATE TABLE clients (phone text PRIMARY KEY, name text);
                    CREATE TABLE visits (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
                    CREATE TABLE visits_all PARTITION OF visits DEFAULT;""")
            .configured(RetiredWatchTest::shadowed)
            .withBothSidesEqual();

    private final Vertx vertx = Vertx.vertx();
    private final List<RetiredSideUsed> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final Sides sides =
            Sides.open(vertx, CrossfadeExtension.settings(crossfade.legacy(), crossfade.target()), observation -> {});

    @AfterEach
    void close() {
        sides.close().await();
        vertx.close().await();
    }

    @Test
    void readsAndWritesOfTablesAtRestAreToldWithTheirSide() throws SQLException {
        RetiredWatch watch = watch(Set.of("clients", "visits"), Duration.ZERO);
        by("an old application", "SELECT * FROM clients; SELECT * FROM visits");
        by(
                "an old application",
                "INSERT INTO clients VALUES ('1', 'a') ON CONFLICT DO NOTHING;"
                        + " INSERT INTO visits VALUES (1, '2026-01-01') ON CONFLICT DO NOTHING");
        await(new RetiredWatch.Alarm(Side.LEGACY, Use.READS));
        await(new RetiredWatch.Alarm(Side.LEGACY, Use.WRITES));

        assertThat(told).allSatisfy(used -> assertThat(used.side()).isEqualTo(Side.LEGACY));
        assertThat(watch.now().keySet()).contains(new RetiredWatch.Alarm(Side.LEGACY, Use.READS));
    }

    @Test
    void aWriteThatTheFenceRefusedIsToldThoughItWasUndone() {
        watch(Set.of(), Duration.ZERO);
        int refused = refusedWrite("an old application");
        assertThat(refused).isEqualTo(1);
        await(new RetiredWatch.Alarm(Side.TARGET, Use.REFUSED));
    }

    @Test
    void aWriteOfTheProxiesThatMetTheFenceIsNoAlarm() {
        String counter = "SELECT last_value, is_called FROM crossfade.refused";
        String before = crossfade.target().value(counter);
        assertThat(refusedWrite("crossfade")).isEqualTo(1);
        assertThat(crossfade.target().value(counter)).isEqualTo(before);
        assertThat(refusedWrite("an old application")).isEqualTo(1);
        assertThat(crossfade.target().value(counter)).isNotEqualTo(before);
    }

    @Test
    void whatWasDoneShortlyBeforeATableCameToRestIsNoAlarm() throws SQLException {
        watch(Set.of("clients"), Duration.ofDays(1));
        by("the application", "SELECT * FROM clients");
        int seen = looks.get();
        // Two more looks, after the server has counted it.
        awaitScans();
        while (looks.get() < seen + 4) {
            Thread.onSpinWait();
        }
        assertThat(told).extracting(RetiredSideUsed::use).doesNotContain(Use.READS);
    }

    private void awaitScans() {
        while (crossfade.legacy().number("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'clients'") == 0) {
            Thread.onSpinWait();
        }
    }

    /** Ends with its Vert.x. */
    @CanIgnoreReturnValue
    private RetiredWatch watch(Set<String> retired, Duration settle) {
        sides.probe().await();
        RetiredWatch watch = RetiredWatch.open(
                vertx,
                sides,
                side -> {
                    looks.incrementAndGet();
                    return side == Side.LEGACY ? retired : Set.of();
                },
                Duration.ofMillis(50),
                settle,
                InstantSource.system(),
                this::hear);
        // The first look is what the later ones are held against.
        while (looks.get() < 6) {
            Thread.onSpinWait();
        }
        return watch;
    }

    private void hear(Observation observation) {
        told.add((RetiredSideUsed) observation);
    }

    private void await(RetiredWatch.Alarm alarm) {
        Instant deadline = Instant.now().plusSeconds(60);
        while (told.stream().noneMatch(used -> used.side() == alarm.side() && used.use() == alarm.use())) {
            assertThat(Instant.now()).as("%s is told of", alarm).isBefore(deadline);
        }
    }

    private static void by(String application, String sql) throws SQLException {
        try (Connection session = crossfade.legacy().session();
                Statement statement = session.createStatement()) {
            statement.execute("SET application_name = '" + application + "'");
            statement.execute(sql);
        }
    }

    private static int refusedWrite(String application) {
        try (Connection session = crossfade.target().session();
                Statement statement = session.createStatement()) {
            statement.execute("SET application_name = '" + application + "'");
            statement.execute("INSERT INTO clients VALUES ('2', 'b')");
            return 0;
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("CF001");
            return 1;
        }
    }

    private static Settings shadowed(Settings settings) {
        return new Settings(
                settings.legacy(),
                settings.target(),
                settings.rest(),
                settings.admin(),
                Map.of(
                        "clients",
                        new RepositorySettings(null, List.of(), Stage.SHADOW, 0, Map.of()),
                        "visits",
                        new RepositorySettings(null, List.of(), Stage.SHADOW, 0, Map.of())),
                List.of());
    }
}
