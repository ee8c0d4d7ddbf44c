package io.crossfade.instance;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.instance.Instance.Report;
import io.crossfade.migration.Side;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * Tells both databases each second that this proxy is there and what it knows, and reads the same of the others. A side
 * that does not answer is skipped, and one that still owes the answer of a second ago is not asked again; nothing waits for
 * any of it, and nothing depends on it.
 *
 * <p>Threads: any; {@link #all} answers from memory.
 */
public final class Instances {
    private static final long TELL_MILLIS = 1_000;
    private static final long LEAVE_SECONDS = 1;

    /** A side without an installation has no place to tell; it is asked again after this many seconds. */
    private static final int NOT_INSTALLED_SECONDS = 10;

    private static final Set<String> NOT_INSTALLED = Set.of("42P01", "3F000");

    private final Vertx vertx;
    private final Sides sides;
    private final Instance self;
    private final Supplier<Report> report;
    private final Map<Side, Future<?>> telling = new EnumMap<>(Side.class);
    private final Map<Side, Integer> pauses = new EnumMap<>(Side.class);
    private final Map<Side, Heard> heard = new ConcurrentHashMap<>();
    private final long timer;

    private Instances(Vertx vertx, Sides sides, String address, String version, Supplier<Report> report) {
        this.vertx = vertx;
        this.sides = sides;
        this.report = report;
        this.self = new Instance(
                UUID.randomUUID().toString(),
                address,
                version,
                OffsetDateTime.now(ZoneOffset.UTC),
                report.get(),
                0,
                true);
        this.timer = vertx.setPeriodic(0, TELL_MILLIS, tick -> tell());
    }

    /**
     * Begins to tell.
     *
     * @param address host and port of this proxy's REST front door
     * @param report what this proxy knows; answers from memory
     */
    public static Instances open(Vertx vertx, Sides sides, String address, String version, Supplier<Report> report) {
        return new Instances(vertx, sides, address, version, report);
    }

    /** All that were heard of within the hour; this one first, then those heard of last. */
    public List<Instance> all() {
        long now = System.nanoTime();
        Map<String, Instance> others = new HashMap<>();
        heard.values()
                .forEach(side -> side.instances().forEach(instance -> {
                    double age = instance.ageSeconds() + (now - side.nanos()) / 1e9;
                    others.merge(instance.id(), instance.at(age), youngest());
                }));
        List<Instance> all = new ArrayList<>(List.of(now()));
        others.values().stream()
                .sorted(Comparator.comparing(Instance::ageSeconds))
                .forEach(all::add);
        return all;
    }

    private static BinaryOperator<Instance> youngest() {
        return BinaryOperator.minBy(Comparator.comparing(Instance::ageSeconds));
    }

    private Instance now() {
        return new Instance(self.id(), self.address(), self.version(), self.startedAt(), report.get(), 0, true);
    }

    private synchronized void tell() {
        for (Database database : sides.all()) {
            Side side = database.side();
            Future<?> before = telling.get(side);
            int pause = pauses.getOrDefault(side, 0);
            if (pause > 0) {
                pauses.put(side, pause - 1);
            } else if ((before == null || before.isComplete()) && sides.problem(side) == null) {
                telling.put(side, tell(database));
            }
        }
    }

    private Future<?> tell(Database database) {
        return InstanceRows.tell(database, now())
                .onSuccess(others -> heard.put(database.side(), new Heard(others, System.nanoTime())))
                .onFailure(error -> {
                    if (error instanceof DatabaseFailure said && NOT_INSTALLED.contains(said.code())) {
                        pause(database.side());
                    }
                });
    }

    private synchronized void pause(Side side) {
        pauses.put(side, NOT_INSTALLED_SECONDS);
    }

    /** Stops, and takes itself out where a side answers at once. */
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        return Future.join(running())
                .transform(ended -> Future.join(sides.all().stream()
                        .filter(database -> sides.problem(database.side()) == null)
                        .map(database -> InstanceRows.leave(database, self.id()))
                        .toList()))
                .<Void>mapEmpty()
                .timeout(LEAVE_SECONDS, TimeUnit.SECONDS)
                .otherwiseEmpty();
    }

    private synchronized List<Future<?>> running() {
        return List.copyOf(telling.values());
    }

    /** What one side told of the others, and when, by {@link System#nanoTime}. */
    private record Heard(List<Instance> instances, long nanos) {}
}
