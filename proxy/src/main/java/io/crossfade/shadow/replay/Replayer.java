package io.crossfade.shadow.replay;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observer;
import io.crossfade.settings.SideSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the rows named in the journals of many groups from their authority to their shadow, as the authority holds them
 * now.
 *
 * <p>An entry leaves the journal only after the shadow has committed its rows: a crash replays an entry again rather than
 * losing it, and replaying an entry twice leaves the same rows. Every proxy runs one of these for each direction; for
 * each group one of them leads, and what makes sure of that is the token on the shadow, not the lock that spares the
 * others the work.
 *
 * <p>It costs two sessions that watch all groups, and two more for each worker that was ever needed.
 *
 * <p>Threading: a thread that watches and a few that replay, each of which waits for one answer at a time; every method
 * may be called from any thread.
 */
public final class Replayer {
    private static final Logger LOG = LoggerFactory.getLogger(Replayer.class);

    private static final Duration AWAITED = Duration.ofMillis(5);

    private final Vertx vertx;
    private final Side to;
    private final SideSettings authority;
    private final SideSettings shadow;
    private final ReplaySettings settings;
    private final Predicate<String> red;
    private final Reports reports;
    private final Workers workers;
    private final Map<String, GroupReplay> groups = new ConcurrentHashMap<>();
    private final Semaphore attention = new Semaphore(0);
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private final Promise<Void> ended = Promise.promise();
    private volatile boolean stopping;
    private volatile @Nullable SessionPair watching;
    private volatile @Nullable Watcher watcher;

    /**
     * A replayer in one direction, of no group as yet; it does nothing before {@link #start}.
     *
     * @param from the side that takes the writes
     * @param authority where that side is
     * @param shadow where the other side is
     * @param red whether the shadow of a group may lack writes that were never captured; then it gets no lease
     */
    public Replayer(
            Vertx vertx,
            Side from,
            SideSettings authority,
            SideSettings shadow,
            ReplaySettings settings,
            Predicate<String> red,
            Observer observer) {
        this.vertx = vertx;
        this.to = from.other();
        this.authority = authority;
        this.shadow = shadow;
        this.settings = settings;
        this.red = red;
        this.reports = new Reports(observer, to);
        this.workers = new Workers(
                settings.workers(),
                "replay-to-" + to.label(),
                () -> new Worker(to, this::open, this::floor, this::areWorkersAwaited, settings, reports));
    }

    /** Begins; neither side has to be there yet. */
    public void start() {
        Thread started = new Thread(this::run, "replay-to-" + to.label() + "-watch");
        started.setDaemon(true);
        if (!thread.compareAndSet(null, started)) {
            throw new IllegalStateException("The replayer to " + to.label() + " was started before.");
        }
        started.start();
    }

    /** Ends after the batches in flight, or at once where a database does not answer; completes when nothing is open. */
    public Future<Void> stop() {
        stopping = true;
        reports.ending();
        workers.stop();
        if (thread.get() == null) {
            return Future.succeededFuture();
        }
        attention.release();
        long timer = later(() -> {
            workers.disturb();
            SessionPair current = watching;
            if (current != null) {
                current.close();
            }
        });
        return ended.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    /** Serves a group from now on, as its leader or behind another one. */
    public void add(String group) {
        GroupReplay added = new GroupReplay(group, workers::offer, () -> red.test(group));
        if (groups.putIfAbsent(group, added) != null) {
            throw new IllegalStateException("The group " + group + " is replayed already.");
        }
        attention.release();
    }

    /** Serves the group no more; completes when nothing of it is in flight. Another instance may lead it then. */
    public Future<Void> remove(String group) {
        GroupReplay removed = groups.remove(group);
        if (removed == null) {
            return Future.succeededFuture();
        }
        attention.release();
        long timer = later(() -> workers.disturb(removed));
        return removed.remove().onComplete(done -> vertx.cancelTimer(timer));
    }

    /** Says that something was written, so that it is looked for at once. */
    public void nudge(String group) {
        GroupReplay nudged = groups.get(group);
        if (nudged != null) {
            nudged.nudge();
        }
    }

    /**
     * Completes when everything that had committed before this call is on the shadow, dead letters apart, whichever
     * instance leads; the caller sets the limit of time.
     */
    public Future<Void> caughtUp(String group) {
        return caughtUp(group, Waiting::ask);
    }

    /** The same for those who wait no longer than this. */
    public Future<Void> caughtUp(String group, Duration patience) {
        return caughtUp(group, waiting -> waiting.ask(patience));
    }

    private Future<Void> caughtUp(String group, Function<Waiting, Future<Void>> asking) {
        GroupReplay asked = groups.get(group);
        if (asked == null) {
            return Future.failedFuture("the group " + group + " is not replayed");
        }
        Future<Void> reached = asking.apply(asked.waiting());
        asked.nudge();
        if (asked.follows()) {
            attention.release();
        }
        return reached;
    }

    /** How often this instance has written to the group; null where it does not lead it, so that another one may. */
    public @Nullable Long written(String group) {
        GroupReplay asked = groups.get(group);
        return asked == null ? null : asked.written();
    }

    /** How far a group is; nothing is known of one that is not served. */
    public Progress progress(String group) {
        GroupReplay asked = groups.get(group);
        return asked == null ? Progress.none() : asked.progress();
    }

    private void run() {
        Backoff backoff = new Backoff();
        while (!stopping) {
            try {
                if (watch()) {
                    backoff.wentWell();
                }
            } catch (RuntimeException | Error e) {
                // Whoever is told of the loss may throw once more; the watch begins again all the same.
                LOG.error(
                        "The watch over the replay to {} came upon {}.",
                        to.label(),
                        e.getClass().getName());
            }
            if (!stopping) {
                backoff.failed();
                rest(backoff.nanosLeft());
            }
        }
        end();
    }

    /** Looks until something goes wrong; true where at least one look went well. */
    private boolean watch() {
        boolean looked = false;
        try (SessionPair sessions = open()) {
            watching = sessions;
            Watcher its = new Watcher(sessions, settings, groups.values(), reports);
            watcher = its;
            while (!stopping) {
                long start = System.nanoTime();
                its.look();
                looked = true;
                rest((its.isAwaited() ? AWAITED : settings.poll()).toNanos() - (System.nanoTime() - start));
            }
        } catch (RuntimeException | Error e) {
            String problem = Problems.describe(e);
            reports.lost(groups.values(), problem);
        } finally {
            watcher = null;
        }
        return looked;
    }

    private void end() {
        try {
            workers.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        groups.keySet().forEach(group -> {
            var unused = remove(group);
        });
        ended.complete();
    }

    private SessionPair open() {
        return SessionPair.open(vertx, authority, shadow, settings.patience());
    }

    private long floor(long openedNanos) {
        Watcher current = watcher;
        return current == null ? 0 : current.floor().forSessionOpenedAt(openedNanos);
    }

    private boolean areWorkersAwaited() {
        return workers.areAwaited();
    }

    private long later(Runnable what) {
        return vertx.setTimer(settings.patience().toMillis() / 10 + 1, late -> what.run());
    }

    private void rest(long nanos) {
        try {
            if (attention.tryAcquire(Math.max(nanos, 0), TimeUnit.NANOSECONDS)) {
                attention.drainPermits();
            }
        } catch (InterruptedException e) {
            stopping = true;
            Thread.currentThread().interrupt();
        }
    }
}
