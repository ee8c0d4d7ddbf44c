package io.crossfade.mismatch;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.crossfade.call.DatabaseFailure;
import io.crossfade.comparison.Difference;
import io.crossfade.comparison.Mismatch;
import io.crossfade.comparison.MismatchKind;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.MismatchFirstSeen;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.observation.Observation.ReadCompared.Verdict;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observation.WriteMismatch;
import io.crossfade.observation.Observer;
import io.crossfade.settings.MismatchSettings;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Keeps what comparing finds, in both databases, so that it outlives every proxy and can be judged by any of them. What is
 * found is added to what is known in memory and written in batches; neither a side that is away nor more findings than
 * anybody could read cost more than a bounded memory, and none of it is ever waited for.
 *
 * <p>Price: what was found in the last half second is lost with the process.
 *
 * <p>Threads: any; nothing blocks and nothing throws.
 */
public final class MismatchStore implements Mismatch.Sink, Observer {
    private static final long WRITE_MILLIS = 500;
    private static final long LOOK_MILLIS = 10_000;
    private static final long TIDY_MILLIS = 600_000;
    private static final long LAST_WRITE_SECONDS = 2;
    private static final int MOST_DIFFERENCES = 200;
    private static final int LONGEST_SHAPE = 500;
    private static final String REPLAY = "replay";

    private final Vertx vertx;
    private final Sides sides;
    private final Observer observer;
    private final InstantSource clock;
    private final ComparedReads reads;
    private final Map<Side, Delivery> deliveries = new EnumMap<>(Side.class);
    private final Looking looking;
    private final List<Tidying> tidyings = new ArrayList<>();
    private final MismatchDesk desk;
    private final List<Long> timers = new ArrayList<>();

    private MismatchStore(
            Vertx vertx,
            Sides sides,
            MismatchSettings settings,
            Duration soak,
            Observer observer,
            InstantSource clock) {
        this.vertx = vertx;
        this.sides = sides;
        this.observer = observer;
        this.clock = clock;
        UUID instance = UUID.randomUUID();
        this.reads = new ComparedReads(instance, clock);
        this.desk = MismatchDesk.of(sides.all(), clock);
        this.looking = new Looking(
                sides.all().stream().map(MismatchReader::new).toList(),
                side -> sides.problem(side) == null,
                reads,
                desk);
        for (Database side : sides.all()) {
            Tidying tidying = new Tidying(side, settings, soak);
            tidyings.add(tidying);
            deliveries.put(
                    side.side(),
                    new Delivery(
                            new Outbox(),
                            new MismatchWriter(side, instance, settings, clock),
                            tidying,
                            opened -> opened(side.side(), opened),
                            observer,
                            System::nanoTime));
        }
    }

    /**
     * Keeps what it is told from now on.
     *
     * @param soak how long the gates look back
     * @param observer is told of every group that is confirmed for the first time
     */
    public static MismatchStore open(
            Vertx vertx,
            Sides sides,
            MismatchSettings settings,
            Duration soak,
            Observer observer,
            InstantSource clock) {
        MismatchStore store = new MismatchStore(vertx, sides, settings, soak, observer, clock);
        store.every(WRITE_MILLIS, () -> store.deliveries.values().forEach(Delivery::tick));
        store.every(LOOK_MILLIS, store.looking::look);
        store.every(TIDY_MILLIS, store::tidy);
        store.looking.look();
        return store;
    }

    @Override
    public void accept(Mismatch mismatch) {
        Instant now = now();
        String shape = Text.printable(mismatch.shape(), LONGEST_SHAPE);
        Map<GroupKey, List<Sample>> samples = new LinkedHashMap<>();
        mismatch.differences().stream().limit(MOST_DIFFERENCES).forEach(difference -> {
            List<Sample> its =
                    samples.computeIfAbsent(key(mismatch.repository(), difference), key -> new ArrayList<>());
            if (its.size() < Pending.MOST_SAMPLES) {
                its.add(Sample.of(mismatch, shape, difference, now));
            }
        });
        Map<GroupKey, Sightings> seen = new LinkedHashMap<>();
        samples.forEach((key, its) -> seen.put(key, new Sightings(mismatch.confirmed(), shape, its)));
        deliveries.values().forEach(delivery -> delivery.outbox().add(seen, now));
    }

    /** Those that were found before then are resolved, on every side that can be written; the next time it is found, it is confirmed again. */
    @Override
    public void agrees(String repository, MismatchKind kind, List<String> columns, Instant began) {
        var unused = desk.agrees(new GroupKey(repository, kind, columns).id(), began);
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof ReadCompared read) {
            boolean differs = read.verdict() == Verdict.MISMATCHED;
            boolean confirmed = differs && read.confirmed();
            if (!confirmed && read.authority().code() != null && read.shadow().code() != null) {
                // That both refuse a read says nothing about what they hold.
                return;
            }
            reads.count(read, confirmed);
            Instant now = now();
            deliveries
                    .values()
                    .forEach(delivery -> delivery.outbox().count(read.repository(), now, differs, confirmed));
        } else if (observation instanceof WriteMismatch write) {
            // Replay tells of columns alone: no row leaves it.
            Instant now = now();
            GroupKey key = new GroupKey(write.repository(), MismatchKind.WRITE, write.columns());
            Sample sample = Sample.withoutValues(REPLAY, now);
            deliveries
                    .values()
                    .forEach(delivery ->
                            delivery.outbox().add(Map.of(key, new Sightings(true, REPLAY, List.of(sample))), now));
        }
    }

    /** Where operators and gates look at what is kept. */
    public MismatchDesk desk() {
        return desk;
    }

    /** How many reads of these repositories all proxies have compared since then, and how many are confirmed to differ. */
    public ComparedCount since(Set<String> repositories, Instant since) {
        return reads.since(repositories, since);
    }

    /** Writes what can be written in a moment, and keeps nothing any more. */
    public Future<Void> close() {
        timers.forEach(vertx::cancelTimer);
        List<Future<Void>> last = new ArrayList<>();
        // What is under way ends first, and what came meanwhile goes after it.
        deliveries.values().forEach(delivery -> last.add(delivery.tick().compose(done -> delivery.tick())));
        return Future.join(last)
                .timeout(LAST_WRITE_SECONDS, TimeUnit.SECONDS)
                .otherwiseEmpty()
                .mapEmpty();
    }

    /** Both sides tell of each group; legacy is listened to while it can be written. */
    private void opened(Side side, Map<GroupKey, Pending> opened) {
        Delivery legacy = deliveries.get(Side.LEGACY);
        if (side == Side.LEGACY || legacy == null || sides.problem(Side.LEGACY) != null) {
            tell(opened);
        } else {
            var unused = legacy.underWay().onSuccess(done -> {
                if (legacy.isFailing()) {
                    tell(opened);
                }
            });
        }
    }

    private void tell(Map<GroupKey, Pending> opened) {
        opened.forEach((key, pending) -> observer.observe(new MismatchFirstSeen(
                key.repository(),
                key.kind().label(),
                key.columns().isEmpty() ? null : String.join(", ", key.columns()),
                pending.shape())));
        if (!opened.isEmpty()) {
            desk.tell();
        }
    }

    private static GroupKey key(String repository, Difference difference) {
        return new GroupKey(repository, difference.kind(), difference.columns());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private void every(long millis, Runnable work) {
        timers.add(vertx.setPeriodic(millis, tick -> work.run()));
    }

    /** Forgets what is too old; what fails is done the next time. */
    @CanIgnoreReturnValue
    Future<Void> tidy() {
        List<Future<Void>> all = new ArrayList<>();
        tidyings.forEach(tidying -> all.add(tidying.age(now().atOffset(ZoneOffset.UTC))));
        return Future.join(all)
                .onFailure(error -> {
                    if (error instanceof DatabaseFailure && !MismatchReader.isNotInstalled(error)) {
                        observer.observe(new Unexpected("forgetting old mismatches", error));
                    }
                })
                .otherwiseEmpty()
                .mapEmpty();
    }
}
