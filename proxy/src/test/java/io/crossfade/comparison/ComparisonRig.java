package io.crossfade.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.ComparisonDropped;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.settings.CompareSettings;
import io.crossfade.settings.ComparisonSettings;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Two databases with the same tables in stage shadow, a proxy between them, and whoever is told what its comparisons come to. */
final class ComparisonRig implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    final TestDatabase legacy;
    final TestDatabase target;
    final TcpRelay wireToTarget;
    final List<ReadCompared> compared = new CopyOnWriteArrayList<>();
    final List<ComparisonDropped> drops = new CopyOnWriteArrayList<>();
    final List<Mismatch> mismatches = new CopyOnWriteArrayList<>();
    final List<Unexpected> unexpected = new CopyOnWriteArrayList<>();
    Crossfade proxy;
    private final Vertx vertx = Vertx.vertx();
    private final Settings settings;

    private ComparisonRig(
            List<String> onLegacy,
            List<String> onTarget,
            CompareSettings rules,
            List<String> tables,
            UnaryOperator<Settings> change,
            boolean wired) {
        legacy = PostgresServers.legacy().database(onLegacy);
        target = PostgresServers.target().database(onTarget);
        wireToTarget = new TcpRelay(target.connectOptions());
        Settings defaults = CrossfadeExtension.settings(legacy, target);
        RepositorySettings shadowed = new RepositorySettings(null, List.of(), Stage.SHADOW, 0, Map.of()).with(rules);
        settings = change.apply(new Settings(
                        defaults.legacy(),
                        SideSettings.at(wired ? wireToTarget.connectOptions() : target.connectOptions()),
                        defaults.rest(),
                        defaults.admin(),
                        tables.stream().collect(Collectors.toMap(name -> name, name -> shadowed)),
                        List.of())
                .with(ComparisonSettings.DEFAULTS.failing()));
        CrossfadeExtension.install(vertx, settings);
        proxy = start();
        proxy.caughtUp().await();
        await(
                "the shadow of every table is known to be true",
                () -> tables.stream().allMatch(comparer()::isReady));
    }

    /** One whose answers wait for their comparison, so that what was read was compared. */
    static ComparisonRig awaited(String script, String... tables) {
        return with(script, CompareSettings.DEFAULTS, settings -> settings, tables);
    }

    static ComparisonRig with(String script, CompareSettings rules, UnaryOperator<Settings> change, String... tables) {
        return new ComparisonRig(List.of(script), List.of(script), rules, List.of(tables), change, true);
    }

    /** The same, with no wire to the target that would take time of its own. */
    static ComparisonRig straight(String script, UnaryOperator<Settings> change, String... tables) {
        return new ComparisonRig(
                List.of(script), List.of(script), CompareSettings.DEFAULTS, List.of(tables), change, false);
    }

    static ComparisonRig withDifferentScripts(String onLegacy, String onTarget, String... tables) {
        return new ComparisonRig(
                List.of(onLegacy),
                List.of(onTarget),
                CompareSettings.DEFAULTS,
                List.of(tables),
                settings -> settings,
                true);
    }

    /** Ends the proxy and begins another one. */
    void restart() {
        proxy.close().await();
        proxy = start();
    }

    private Crossfade start() {
        return Crossfade.start(vertx, settings, true, this::observe, mismatches::add)
                .await();
    }

    Comparer comparer() {
        return proxy.comparer().orElseThrow();
    }

    RestClient rest() {
        return new RestClient("http://127.0.0.1:" + proxy.restPort() + "/rest/v1");
    }

    /** Changes the target behind everybody's back: in a session that claims to be the replayer, for which the fence opens. */
    void plant(String sql) {
        target.execute(
                "BEGIN; SELECT set_config('crossfade.replaying', (SELECT max(token)::text FROM crossfade.replayer),"
                        + " true); SET LOCAL session_replication_role = replica; " + sql + "; COMMIT");
    }

    /** What the last comparison came to. */
    ReadCompared last() {
        return compared.get(compared.size() - 1);
    }

    List<Difference> confirmedDifferences() {
        return mismatches.stream()
                .filter(Mismatch::confirmed)
                .flatMap(mismatch -> mismatch.differences().stream())
                .toList();
    }

    Map<String, Long> dropsByReason() {
        return drops.stream().collect(Collectors.groupingBy(ComparisonDropped::reason, Collectors.counting()));
    }

    static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(LONGEST);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    private void observe(Observation observation) {
        if (observation instanceof ReadCompared read) {
            compared.add(read);
        } else if (observation instanceof ComparisonDropped drop) {
            drops.add(drop);
        } else if (observation instanceof Unexpected error) {
            unexpected.add(error);
        }
    }

    @Override
    public void close() {
        proxy.close().await();
        vertx.close().await();
        wireToTarget.close();
        legacy.drop();
        target.drop();
    }
}
