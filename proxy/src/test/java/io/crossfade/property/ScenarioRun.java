package io.crossfade.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SettingsLoader;
import io.crossfade.testing.CopiedSlices;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One scenario, played on two databases with a proxy between them. */
final class ScenarioRun implements AutoCloseable {
    private static final String OWNER = """
            DO $$ BEGIN
              IF to_regrole('mover') IS NULL THEN CREATE ROLE mover LOGIN PASSWORD 'mover'; END IF;
            END $$;
            GRANT ALL ON SCHEMA public TO mover;
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO mover', current_database()); END $$;
            SET ROLE mover;
            """;

    private static final Map<String, String> SMALL_SLICES =
            Map.of("crossfade.replay.sliceKeys", "1", "crossfade.replay.copyKeys", "3");

    private final Scenario scenario;
    private final Vertx vertx = Vertx.vertx();
    private final TestDatabase legacy = PostgresServers.legacy().database(List.of());
    private final TestDatabase target = PostgresServers.target().database(List.of());
    private final TcpRelay legacyWire = new TcpRelay(legacy.connectOptions());
    private final TcpRelay targetWire = new TcpRelay(target.connectOptions());
    private final Settings settings;
    private Crossfade proxy;

    ScenarioRun(Scenario scenario) throws Exception {
        this.scenario = scenario;
        for (TestDatabase database : List.of(legacy, target)) {
            database.execute(OWNER + scenario.schema().sql() + "; RESET ROLE");
        }
        settings = settings();
        if (scenario.byCopy()) {
            // No other proxy is in this JVM meanwhile.
            SMALL_SLICES.forEach(System::setProperty);
        }
        CrossfadeExtension.install(vertx, settings);
        CopiedSlices.watch(target);
        proxy = start();
    }

    void play() throws Exception {
        for (Step step : scenario.steps()) {
            if (step instanceof Step.Transaction transaction) {
                legacy.execute(transaction.describe(scenario.schema()));
            } else if (step instanceof Step.Break broken) {
                (broken.toLegacy() ? legacyWire : targetWire).severAfter(broken.direction(), broken.bytes());
            } else if (step instanceof Step.Settle) {
                awaitDrained();
            } else {
                legacyWire.sever();
                targetWire.sever();
                proxy.close().await(20, TimeUnit.SECONDS);
                proxy = start();
            }
        }
        awaitDrained();
    }

    /** How many slices went by COPY. */
    long copiedSlices() {
        return CopiedSlices.count(target);
    }

    void assertBothSidesEqual() {
        for (MadeUpTable table : scenario.schema().tables()) {
            String rows = "SELECT t::text FROM " + table.name() + " AS t ORDER BY 1";
            assertThat(target.rows(rows)).as(table.name()).isEqualTo(legacy.rows(rows));
        }
        assertThat(target.rows("SELECT repository, key, sqlstate, problem FROM crossfade.dead_letter"))
                .as("dead letters")
                .isEmpty();
    }

    @Override
    public void close() {
        try {
            proxy.close().await();
        } finally {
            SMALL_SLICES.keySet().forEach(System::clearProperty);
            // Connections that were cut in the middle of being opened have kept it from ending; nothing is asserted
            // after it.
            var unused = vertx.close();
            legacyWire.close();
            targetWire.close();
            legacy.drop();
            target.drop();
        }
    }

    private void awaitDrained() {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        // Of a slice that holds a part of a transaction rows may be left out, which come when they are tried again.
        while (legacy.number("SELECT count(*) FROM crossfade.journal") > 0
                || target.number("SELECT count(*) FROM crossfade.dead_letter") > 0) {
            assertThat(Instant.now())
                    .as("the journal is empty, and no row waits to be tried again")
                    .isBefore(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Crossfade start() throws Exception {
        return Crossfade.start(vertx, settings, false).await(30, TimeUnit.SECONDS);
    }

    private Settings settings() throws Exception {
        StringBuilder yaml = new StringBuilder("legacy: {url: \"" + url(legacyWire, legacy) + "\"}\ntarget: {url: \""
                + url(targetWire, target) + "\"}\nrest: {port: 0}\nadmin: {port: 0, token: test}\nrepositories:\n");
        scenario.schema()
                .tables()
                .forEach(table -> yaml.append("  ").append(table.name()).append(": {stage: shadow, group: all}\n"));
        Path file = Files.createTempFile("scenario", ".yaml");
        try {
            return SettingsLoader.load(Files.writeString(file, yaml), Map.of(), false)
                    .settings();
        } finally {
            Files.delete(file);
        }
    }

    private String url(TcpRelay wire, TestDatabase database) {
        String login = scenario.superuser() ? "postgres:postgres" : "mover:mover";
        return "postgres://" + login + "@127.0.0.1:" + wire.port() + "/"
                + database.connectOptions().getDatabase() + "?sslmode=disable";
    }
}
