package io.crossfade.shadow.replay;

import io.crossfade.shadow.replay.Batch.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One group as this instance serves it. At any moment it is free, waits for a worker, is replayed by one, or has its
 * moment renewed by the watcher; so nobody works on it twice at once.
 *
 * <p>Threads: any. Nothing is waited for under its lock, and no caller is answered under it.
 */
final class GroupReplay {
    private enum Phase {
        FREE,
        QUEUED,
        RUNNING,
        RENEWING
    }

    private final String name;
    private final Consumer<GroupReplay> workers;
    private final BooleanSupplier red;
    private final Waiting waiting = new Waiting();
    private final Promise<Void> released = Promise.promise();
    private Phase phase = Phase.FREE;
    private boolean candidate;
    private boolean wanted;
    private boolean removed;
    private long runs;
    private long written;
    private final Backoff backoff = new Backoff();
    private @Nullable Office office;
    private List<Waiting.Caller> asking = List.of();
    private volatile Progress progress = Progress.none();

    GroupReplay(String name, Consumer<GroupReplay> workers, BooleanSupplier red) {
        this.name = name;
        this.workers = workers;
        this.red = red;
    }

    String name() {
        return name;
    }

    /** Whether the shadow may lack writes that were never captured. */
    boolean isRed() {
        return red.getAsBoolean();
    }

    Progress progress() {
        return progress;
    }

    /** Grows with every batch that held something; null while another instance may be the one that writes. */
    synchronized @Nullable Long written() {
        return office == null ? null : written;
    }

    Waiting waiting() {
        return waiting;
    }

    /** Has a worker look, if this instance may lead the group. */
    synchronized void nudge() {
        wanted = true;
        queue();
    }

    /** Has a worker look that was put off. */
    synchronized void wake() {
        wanted |= office == null;
        queue();
    }

    /** This instance may lead from now on, and the worker that comes first takes office. */
    synchronized void mayLead() {
        candidate = true;
        wanted = true;
        queue();
    }

    synchronized boolean isCandidate() {
        return candidate && !removed;
    }

    /** Whether it waits for somebody who may try to lead. */
    synchronized boolean wouldLead() {
        return !candidate && !removed && backoff.isOver();
    }

    /** Whether this instance knows of the group only what it reads on the shadow. */
    synchronized boolean follows() {
        return office == null && phase != Phase.RUNNING;
    }

    /** The group as the watcher sees it before it asks, or null where it is not led from here or somebody is at it. */
    synchronized @Nullable Sight sight() {
        Office current = office;
        return phase == Phase.FREE && current != null && !removed ? new Sight(this, current, runs) : null;
    }

    /** A worker begins; from here on its callers are those who had asked before its snapshot. */
    synchronized boolean begin() {
        if (phase != Phase.QUEUED) {
            return false;
        }
        if (!candidate || removed) {
            phase = Phase.FREE;
            return false;
        }
        phase = Phase.RUNNING;
        wanted = false;
        runs++;
        asking = waiting.take();
        return true;
    }

    synchronized @Nullable Office office() {
        return office;
    }

    synchronized void tookOffice(Office taken) {
        office = taken;
        // Until now somebody else may have written.
        written++;
    }

    /**
     * A worker has finished a slice of a backlog, and may go on with the next one at once.
     *
     * @return false where there is none, or the group is not its own any more; then it has {@link #ended}
     */
    synchronized boolean goesOn(Outcome outcome) {
        if (!outcome.progress().catchingUp() || !candidate || removed) {
            return false;
        }
        progress = outcome.progress().after(progress);
        count(outcome);
        backoff.wentWell();
        runs++;
        waiting.putBack(asking);
        asking = waiting.take();
        return true;
    }

    /** A worker has finished a batch. */
    void ended(Outcome outcome) {
        boolean more = outcome.again() || outcome.progress().catchingUp();
        List<Waiting.Caller> answered;
        synchronized (this) {
            progress = outcome.progress().after(progress);
            count(outcome);
            backoff.wentWell();
            answered = more ? List.of() : asking;
            if (more) {
                waiting.putBack(asking);
            }
            wanted |= more;
            leave();
        }
        answered.forEach(Waiting.Caller::complete);
    }

    /**
     * A worker or the watcher could not go on. The office ends, because what was sent last may still be running.
     *
     * @return whether this is another problem than before
     */
    synchronized boolean failed(String problem, boolean keepsLeading) {
        boolean news = !problem.equals(progress.problem());
        progress = progress.failed(problem);
        office = null;
        candidate &= keepsLeading;
        wanted = true;
        backoff.failed();
        waiting.putBack(asking);
        leave();
        return news;
    }

    /** The watcher lost its sessions: a worker that is at it may finish, but not begin again. */
    synchronized boolean lost(String problem) {
        candidate = false;
        if (phase == Phase.RUNNING) {
            boolean news = !problem.equals(progress.problem());
            progress = progress.failed(problem);
            return news;
        }
        return failed(problem, false);
    }

    /** The watcher is about to say on the shadow that nothing has changed; true where that still stands. */
    synchronized boolean beginRenewal(Sight sight) {
        if (phase != Phase.FREE || runs != sight.runs() || office != sight.office() || removed) {
            return false;
        }
        phase = Phase.RENEWING;
        return true;
    }

    /** It is said, and committed; or, without a moment, somebody else had the row. */
    void renewed(@Nullable OffsetDateTime asOf, long seenNanos, @Nullable OffsetDateTime caughtUpAt) {
        synchronized (this) {
            Office current = office;
            if (asOf != null && current != null) {
                current.published(progress.behind());
                progress = progress.renewed(asOf, seenNanos, caughtUpAt).after(progress);
            }
            leave();
        }
        if (asOf != null) {
            waiting.reached(asOf);
        }
    }

    /** What a follower has read on the shadow. */
    void followed(Progress seen) {
        OffsetDateTime asOf;
        synchronized (this) {
            if (office != null || phase == Phase.RUNNING) {
                return;
            }
            // Who is to lead and cannot tells why until it can.
            progress = candidate ? seen.after(progress).failed(progress.problem()) : seen.after(progress);
            asOf = seen.asOf();
        }
        if (asOf != null) {
            waiting.reached(asOf);
        }
    }

    /** Completes when nothing of it is in flight here, and nothing will be. */
    Future<Void> remove() {
        synchronized (this) {
            removed = true;
            if (phase == Phase.FREE || phase == Phase.QUEUED) {
                released.tryComplete();
            }
        }
        waiting.fail("the replay of " + name + " was ended");
        return released.future();
    }

    private void count(Outcome outcome) {
        if (outcome.moved()) {
            written++;
        }
    }

    private void leave() {
        asking = List.of();
        phase = Phase.FREE;
        if (!candidate) {
            office = null;
            progress = progress.failed(progress.problem());
        }
        if (removed) {
            office = null;
            released.tryComplete();
            return;
        }
        queue();
    }

    private void queue() {
        if (wanted && candidate && !removed && phase == Phase.FREE && backoff.isOver()) {
            phase = Phase.QUEUED;
            workers.accept(this);
        }
    }
}
