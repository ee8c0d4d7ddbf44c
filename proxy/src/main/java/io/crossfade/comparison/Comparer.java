package io.crossfade.comparison;

import io.crossfade.call.CallFailure;
import io.crossfade.call.Failure;
import io.crossfade.call.Outcome;
import io.crossfade.call.Read;
import io.crossfade.catalog.Catalogs;
import io.crossfade.comparison.Dropped.Reason;
import io.crossfade.execution.Comparing;
import io.crossfade.execution.Executor;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.ComparisonDropped;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
import io.crossfade.routing.Route;
import io.crossfade.routing.RouteTable;
import io.crossfade.routing.Shadows;
import io.crossfade.settings.ComparisonSettings;
import io.crossfade.settings.Settings;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares reads by sample: takes them after they were answered, asks the other side, and tells what differs.
 *
 * <p>Callers never wait for it and it never takes what they need: it has connections of its own, bounds what is under way and what that
 * holds, and gives way while a side or this event loop has other work. What it leaves out is counted. Only where answers are to fail
 * they wait, and then what could not be compared fails them, too.
 *
 * <p>Threads: any; nothing blocks. Understanding answers takes one worker thread of its own.
 */
public final class Comparer implements Comparing {
    /** A task that waits this long for its event loop tells that calls wait, too. */
    private static final long LONGEST_LAG_NANOS = Duration.ofMillis(20).toNanos();

    /** As many answers wait for their comparison at the most. */
    private static final int MOST_AWAITED = 1_000;

    private static final long RECHECK_MILLIS = 1_000;

    private final Vertx vertx;
    private final ComparisonSettings settings;
    private final Policy policy;
    private final Sides sides;
    private final Map<Side, Pace> paces = Map.of(Side.LEGACY, new Pace(), Side.TARGET, new Pace());
    private final InFlight inFlight;
    private final WorkerExecutor worker;
    private final Observer observer;
    private final Means means;
    private final long rechecking;
    private volatile boolean closed;

    /**
     * @param table gives the table of the moment
     * @param sink keeps what was found
     */
    public Comparer(
            Vertx vertx,
            Settings settings,
            Sides sides,
            Catalogs catalogs,
            Shadows shadows,
            Supplier<RouteTable> table,
            Mismatch.Sink sink,
            Observer observer) {
        this.vertx = vertx;
        this.settings = settings.comparison();
        this.policy = new Policy(settings);
        this.sides = sides;
        this.inFlight = new InFlight(this.settings.fail() ? MOST_AWAITED : this.settings.maxInFlight());
        this.worker = vertx.createSharedWorkerExecutor("crossfade-comparing", 1);
        this.observer = observer;
        this.means = new Means(
                this.settings,
                policy,
                new Asking(Executor.forComparing(sides, catalogs, this.settings.maxBytes()), paces, sides::problem),
                catalogs,
                shadows,
                table,
                worker,
                inFlight,
                new Noise(System::nanoTime),
                sink,
                new Rechecks(this::agrees, sink, InstantSource.system(), System::nanoTime),
                observer);
        this.rechecking = vertx.setPeriodic(RECHECK_MILLIS, tick -> recheck());
    }

    @Override
    public boolean picks(Read read, boolean insisted) {
        return !closed && policy.picks(read.repository().name(), insisted);
    }

    @Override
    public boolean isAwaited() {
        return settings.fail();
    }

    @Override
    public Future<Void> compare(Read read, Route route, AsyncResult<Outcome> answer, long nanos) {
        Pace answering = paces.get(route.answering());
        if (answering != null) {
            answering.took(nanos);
        }
        if (!inFlight.enter()) {
            return failed(
                    read, answer, new Dropped(Reason.SATURATED, means.asking().late()));
        }
        AtomicLong held = new AtomicLong();
        Promise<Void> done = Promise.promise();
        long offered = System.nanoTime();
        // By then the answer is on its way to the caller, unless the caller waits.
        vertx.getOrCreateContext()
                .runOnContext(later -> Future.succeededFuture()
                        // What throws fails the future, so that its place is given back.
                        .compose(begun -> {
                            Dropped otherWork = otherWork(offered);
                            return otherWork == null
                                    ? new Comparison(read, route, answer, nanos, means, held).run()
                                    : Future.failedFuture(otherWork);
                        })
                        .onComplete(ended -> inFlight.leave(held.get()))
                        .recover(error -> failed(read, answer, error))
                        .onComplete(done));
        return done.future();
    }

    /** Whether differences of this repository can be confirmed now. */
    public boolean isReady(String repository) {
        Side authority = means.table().get().of(repository).stage().authority();
        return means.hasTrueShadow(repository, authority);
    }

    /** How many comparisons are under way. */
    public int inFlight() {
        return inFlight.running();
    }

    /** How many bytes of answers they hold: each at most eleven, which is what reading again takes. */
    public long heldBytes() {
        return inFlight.bytes();
    }

    /** Begins no further comparison. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(rechecking);
        return worker.close();
    }

    private void recheck() {
        if (!closed && otherWork(System.nanoTime()) == null) {
            var unused = means.rechecks().look();
        }
    }

    private Future<Boolean> agrees(Read read) {
        return new Rereading(means).agrees(read);
    }

    /** Null where nothing else is to be done. */
    private @Nullable Dropped otherWork(long offered) {
        if (settings.fail()) {
            return null;
        }
        if (System.nanoTime() - offered > LONGEST_LAG_NANOS) {
            return new Dropped(Reason.BUSY);
        }
        for (Database database : sides.all()) {
            Pace pace = paces.get(database.side());
            if (database.isBusy() || (pace != null && pace.givesWay())) {
                return new Dropped(Reason.BUSY, database.side());
            }
        }
        return null;
    }

    /** Nothing but a failure meant for the caller gets out. */
    private Future<Void> failed(Read read, AsyncResult<Outcome> answer, Throwable error) {
        if (error instanceof Dropped dropped) {
            String repository = read.repository().name();
            observer.observe(dropped(read, answer, dropped));
            // An answer that fails by itself tells more than we could.
            CallFailure failure =
                    settings.fail() && answer.succeeded() ? NotCompared.of(repository, dropped.reason()) : null;
            return failure == null ? Future.succeededFuture() : Future.failedFuture(failure);
        }
        if (error instanceof Disagreement disagreement) {
            return Future.failedFuture(disagreement.failure());
        }
        if (!closed) {
            // Its message may hold what could not be understood.
            observer.observe(new Unexpected(
                    "comparison", new IllegalStateException(error.getClass().getName())));
            observer.observe(dropped(read, answer, new Dropped(Reason.FAULT)));
        }
        return Future.succeededFuture();
    }

    private static ComparisonDropped dropped(Read read, AsyncResult<Outcome> answer, Dropped dropped) {
        boolean unknown = answer.cause() instanceof Failure failure && ReadCompared.isUnknown(failure.code());
        return new ComparisonDropped(
                unknown ? "unknown" : read.repository().name(), dropped.reason().label(), dropped.side());
    }
}
