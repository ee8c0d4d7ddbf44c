package io.crossfade.telemetry;

import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.vertx.core.Vertx;
import java.util.function.ToDoubleFunction;

/**
 * The process and its connections, as meters: memory, garbage collection, threads, processors and files as Micrometer
 * names them, the pools of the two sides, and how late an event loop is.
 *
 * <p>Threads: any.
 */
public final class ProcessMeters implements AutoCloseable {
    private static final long BEAT_MILLIS = 100;

    private final Vertx vertx;
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final LargestOfLate lateness = new LargestOfLate(System::nanoTime);
    private final long timer;
    private long beatAt = System.nanoTime();

    private ProcessMeters(Vertx vertx, MeterRegistry registry) {
        this.vertx = vertx;
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Gauge.builder("crossfade.event.loop.lag.seconds", lateness, late -> late.nanos() / 1e9)
                .description("The longest that an event loop was late of late")
                .strongReference(true)
                .register(registry);
        this.timer = vertx.setPeriodic(BEAT_MILLIS, beat -> beat());
    }

    /** Begins to measure. */
    public static ProcessMeters open(Vertx vertx, MeterRegistry registry) {
        return new ProcessMeters(vertx, registry);
    }

    /** Shows the pools of these sides, too. */
    public static void show(Sides sides, MeterRegistry registry) {
        for (Database database : sides.all()) {
            pool(database, "crossfade.pool.in.use", "Connections that carry a statement", Database::inUse, registry);
            pool(
                    database,
                    "crossfade.pool.waiting",
                    "Statements that wait for a connection",
                    Database::waiting,
                    registry);
            pool(
                    database,
                    "crossfade.pool.size",
                    "The most connections of the pool",
                    side -> side.settings().poolSize(),
                    registry);
        }
    }

    private static void pool(
            Database database, String name, String what, ToDoubleFunction<Database> value, MeterRegistry registry) {
        Gauge.builder(name, database, value)
                .description(what)
                .tag("side", database.side().label())
                .strongReference(true)
                .register(registry);
    }

    /** Always on the event loop of the timer. */
    private void beat() {
        long now = System.nanoTime();
        lateness.saw(Math.max(0, now - beatAt - BEAT_MILLIS * 1_000_000));
        beatAt = now;
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        collections.close();
    }
}
