package io.crossfade;

import io.crossfade.admin.Counted;
import io.crossfade.evidence.Evidence;
import io.crossfade.evidence.RetiredWatch;
import io.crossfade.evidence.RowsWatch;
import io.crossfade.ledger.Bookkeeper;
import io.crossfade.ledger.Ledger;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.CallTally;
import io.crossfade.observation.LogObserver;
import io.crossfade.observation.MetricsObserver;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.Settings;
import io.crossfade.settings.TelemetrySettings;
import io.crossfade.sides.Sides;
import io.crossfade.statistics.Statistics;
import io.crossfade.telemetry.ProcessMeters;
import io.crossfade.telemetry.SentryObserver;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who listens to what happens in one proxy: log, metrics, Sentry, statistics, evidence and the alarms. */
final class Listeners implements Observer {
    private static final Duration WRITE_EVERY = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

    /** What a session has done is counted a minute later at most (PostgreSQL, PGSTAT_MAX_INTERVAL). */
    private static final Duration SETTLE = Duration.ofMinutes(2);

    private final Vertx vertx;
    private final boolean shadowed;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CallTally tally = new CallTally();
    private final ProcessMeters process;
    private final @Nullable SentryObserver sentry;
    private final Evidence evidence;
    private final Statistics statistics;
    private final RowsWatch rows;
    private final Observer told;
    private final Observer all;
    private volatile @Nullable Bookkeeper books;
    private volatile @Nullable RetiredWatch retired;

    Listeners(Vertx vertx, Settings settings) {
        this.vertx = vertx;
        this.shadowed = settings.target() != null;
        this.process = ProcessMeters.open(vertx, registry);
        TelemetrySettings telemetry = settings.telemetry();
        String dsn = telemetry.sentryDsn();
        this.sentry = dsn == null ? null : SentryObserver.open(dsn, telemetry, "crossfade@" + Status.versionOfThis());
        List<Observer> outward = new ArrayList<>(List.of(new LogObserver(), new MetricsObserver(registry)));
        if (sentry != null) {
            outward.add(sentry);
        }
        this.told = Observer.all(outward);
        Set<Side> kept = shadowed ? EnumSet.allOf(Side.class) : EnumSet.noneOf(Side.class);
        this.evidence = new Evidence(kept, InstantSource.system());
        this.statistics = new Statistics(kept, InstantSource.system());
        this.rows = new RowsWatch(InstantSource.system(), told);
        this.all = Observer.all(List.of(told, tally, evidence, statistics, rows));
    }

    @Override
    public void observe(Observation observation) {
        all.observe(observation);
    }

    CallTally tally() {
        return tally;
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Shows the pools, and begins to write down what is counted. What was counted before is read for the alarms. */
    void open(Sides sides) {
        ProcessMeters.show(sides, registry);
        uncounted("statistics", statistics.ledger());
        uncounted("evidence", evidence.ledger());
        Bookkeeper opened = Bookkeeper.open(
                vertx, sides, shadowed ? List.of(statistics.ledger(), evidence.ledger()) : List.of(), WRITE_EVERY);
        books = opened;
        evidence.since(Evidence.KEPT, opened).onSuccess(known -> rows.remember(known.shapes()));
    }

    /** Begins to look who uses what should be at rest; nothing with one database. */
    void watch(Sides sides, Rollouts rollouts) {
        if (shadowed) {
            retired = RetiredWatch.open(
                    vertx, sides, side -> atRest(rollouts, side), LOOK_EVERY, SETTLE, InstantSource.system(), told);
        }
    }

    /** What operators may ask of it. */
    Counted counted() {
        Bookkeeper opened = Objects.requireNonNull(books, "not opened");
        return new Counted(
                time -> evidence.since(time, opened), time -> statistics.since(time, opened), rows::now, () -> {
                    RetiredWatch watch = retired;
                    return watch == null ? Map.of() : watch.now();
                });
    }

    /** Writes down what is left; to be called while the databases can still be reached. */
    Future<Void> closeBooks() {
        RetiredWatch watch = retired;
        if (watch != null) {
            watch.close();
        }
        Bookkeeper opened = books;
        return opened == null ? Future.succeededFuture() : opened.close();
    }

    /** Sends what is left. */
    Future<Void> close() {
        process.close();
        SentryObserver open = sentry;
        return open == null ? Future.succeededFuture() : open.close(vertx);
    }

    private void uncounted(String kind, Ledger<?> ledger) {
        FunctionCounter.builder("crossfade.uncounted", ledger, Ledger::lost)
                .description("What was not counted, or was forgotten, because memory for it was full")
                .tag("kind", kind)
                .register(registry);
    }

    /** In stage complete nothing of ours uses the side that is left. */
    private static Set<String> atRest(Rollouts rollouts, Side side) {
        return rollouts.names().stream()
                .filter(name -> {
                    Stage stage = rollouts.current().of(name).stage();
                    return stage == Stage.COMPLETE && stage.authority() != side;
                })
                .collect(Collectors.toSet());
    }
}
