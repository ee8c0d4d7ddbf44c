package io.crossfade.shadow.replay;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observer;
import io.crossfade.settings.SideSettings;
import io.crossfade.shadow.replay.Applier.SteppedDownException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings the rows named in the journal of one group from its authority to its shadow, as the authority holds them now.
 *
 * <p>An entry leaves the journal only after the shadow has committed its rows: a crash replays an entry again rather than
 * losing it, and replaying an entry twice leaves the same rows. Every proxy runs one of these for each group; one of them
 * leads, and what makes sure of that is the token on the shadow, not the lock that spares the others the work.
 *
 * <p>Threading: a thread of its own, which waits for one answer at a time; every method may be called from any thread.
 */
public final class Replayer {
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final String group;
    private final Side to;
    private final SideSettings authority;
    private final SideSettings shadow;
    private final ReplaySettings settings;
    private final Observer observer;
    private final Semaphore work = new Semaphore(0);
    private final ConcurrentLinkedQueue<Promise<Void>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private final Promise<Void> ended = Promise.promise();
    private volatile boolean stopping;
    private volatile Progress progress = Progress.NONE;
    private volatile @Nullable Leadership office;

    /**
     * A replayer of one group in one direction; it does nothing before {@link #start}.
     *
     * @param from the side that takes the writes
     * @param authority where that side is
     * @param shadow where the other side is
     */
    public Replayer(
            Vertx vertx,
            String group,
            Side from,
            SideSettings authority,
            SideSettings shadow,
            ReplaySettings settings,
            Observer observer) {
        this.vertx = vertx;
        this.group = group;
        this.to = from.other();
        this.authority = authority;
        this.shadow = shadow;
        this.settings = settings;
        this.observer = observer;
    }

    /** Begins; neither side has to be there yet. */
    public void start() {
        Thread started = new Thread(this::run, "replay-" + group + "-to-" + to.label());
        started.setDaemon(true);
        if (!thread.compareAndSet(null, started)) {
            throw new IllegalStateException("The replayer of " + group + " was started before.");
        }
        started.start();
    }

    /** Ends after the batch in flight, or at once where a database does not answer; completes when nothing is open. */
    public Future<Void> stop() {
        stopping = true;
        if (thread.get() == null) {
            return Future.succeededFuture();
        }
        work.release();
        long timer = vertx.setTimer(settings.patience().toMillis() / 10 + 1, late -> {
            Leadership current = office;
            if (current != null) {
                current.close();
            }
        });
        return ended.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    /** Says that something was written, so that it is looked for at once. */
    public void nudge() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    /** Completes when everything that had committed before this call is on the shadow; the caller sets the limit of time. */
    public Future<Void> caughtUp() {
        Promise<Void> promise = Promise.promise();
        waiting.add(promise);
        nudge();
        return promise.future();
    }

    /** How far it is. */
    public Progress progress() {
        return progress;
    }

    /** The group that it replays. */
    public String group() {
        return group;
    }

    private void run() {
        Duration backoff = FIRST_BACKOFF;
        while (!stopping) {
            try (Leadership leadership = Leadership.open(vertx, group, authority, shadow, settings.patience())) {
                office = leadership;
                if (take(leadership)) {
                    backoff = FIRST_BACKOFF;
                    lead(leadership);
                }
            } catch (SteppedDownException e) {
                progress = progress.failed("another leader has taken over");
                observer.observe(new Observation.SteppedDown(group));
            } catch (RuntimeException e) {
                failed(e);
            }
            office = null;
            if (!stopping) {
                rest(backoff);
                backoff = backoff.multipliedBy(2).compareTo(LONGEST_BACKOFF) > 0
                        ? LONGEST_BACKOFF
                        : backoff.multipliedBy(2);
            }
        }
        waiting.forEach(promise -> promise.tryFail("the replayer was stopped"));
        ended.complete();
    }

    private void failed(RuntimeException error) {
        String problem = Problems.describe(error);
        boolean news = !problem.equals(progress.problem());
        progress = progress.failed(problem);
        if (news && !stopping) {
            observer.observe(new Observation.ReplayFailed(group, problem));
        }
    }

    /** Waits until there is no other leader, or none that gets on. */
    private boolean take(Leadership leadership) {
        String seen = "";
        long since = System.nanoTime();
        while (!stopping) {
            if (leadership.lock()) {
                return true;
            }
            String pulse = leadership.pulse();
            if (!pulse.equals(seen)) {
                seen = pulse;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > settings.takeOverAfter().toNanos()) {
                return true;
            }
            progress = leadership.observed(progress);
            rest(settings.idlePoll());
        }
        return false;
    }

    private void lead(Leadership leadership) {
        Batch batch = leadership.takeOffice();
        int sliceKeys = settings.sliceKeys();
        while (!stopping) {
            List<Promise<Void>> asking = asking();
            Batch.Outcome outcome;
            try {
                outcome = batch.replay(sliceKeys);
            } catch (RuntimeException e) {
                waiting.addAll(asking);
                throw e;
            }
            progress = outcome.progress();
            report(outcome);
            if (outcome.progress().catchingUp()) {
                waiting.addAll(asking);
                sliceKeys = sliceAfter(sliceKeys, outcome);
            } else {
                asking.forEach(promise -> promise.tryComplete());
                rest(outcome.moved() ? settings.busyPoll() : settings.idlePoll());
            }
        }
    }

    /** Wide rows are taken in smaller slices, so that memory stays bounded whatever they hold. */
    private int sliceAfter(int sliceKeys, Batch.Outcome outcome) {
        if (outcome.characters() > Batch.MOST_CHARACTERS) {
            return Math.max(50, sliceKeys / 4);
        }
        return Math.min(settings.sliceKeys(), sliceKeys * 2);
    }

    private List<Promise<Void>> asking() {
        List<Promise<Void>> asking = new ArrayList<>();
        Promise<Void> next = waiting.poll();
        while (next != null) {
            asking.add(next);
            next = waiting.poll();
        }
        return asking;
    }

    private void report(Batch.Outcome outcome) {
        outcome.refused()
                .forEach((row, refusal) -> observer.observe(
                        new Observation.DeadLettered(row.table().repository(), refusal.sqlState(), refusal.problem())));
        outcome.differences()
                .forEach((repository, columns) -> observer.observe(new Observation.WriteMismatch(
                        repository, columns.stream().sorted().toList())));
        if (outcome.moved()) {
            observer.observe(new Observation.Replayed(group, to, outcome.rows(), outcome.nanos()));
        }
        observer.observe(new Observation.ReplayProgress(
                group,
                to,
                outcome.progress().lag().toNanos(),
                outcome.progress().deadLetters()));
    }

    @CanIgnoreReturnValue
    private boolean rest(Duration most) {
        try {
            boolean nudged = work.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS);
            work.drainPermits();
            return nudged;
        } catch (InterruptedException e) {
            stopping = true;
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
