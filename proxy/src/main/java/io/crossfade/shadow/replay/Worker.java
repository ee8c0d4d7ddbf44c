package io.crossfade.shadow.replay;

import io.crossfade.migration.Side;
import io.crossfade.shadow.replay.Applier.SteppedDownException;
import io.crossfade.shadow.replay.Batch.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Replays one batch of one group after the other, on a session pair of its own that it opens when it is first needed. Of a
 * long backlog, a thread beside it reads the next batch.
 *
 * <p>Threads: one; {@link #disturb} and {@link #isAt} may be called from any.
 */
final class Worker implements AutoCloseable {
    private final Side to;
    private final Supplier<SessionPair> sessions;
    private final LongUnaryOperator floor;
    private final BooleanSupplier awaited;
    private final ReplaySettings settings;
    private final Reports reports;
    private final Map<String, Batch> batches = new HashMap<>();
    private volatile @Nullable SessionPair open;
    private volatile @Nullable GroupReplay serving;
    private long openedNanos;

    /**
     * A worker without sessions as yet.
     *
     * @param to the side that it writes to
     * @param floor from when a session was opened to the id below which its journal has no entry
     * @param awaited whether a group waits for a worker
     */
    Worker(
            Side to,
            Supplier<SessionPair> sessions,
            LongUnaryOperator floor,
            BooleanSupplier awaited,
            ReplaySettings settings,
            Reports reports) {
        this.to = to;
        this.sessions = sessions;
        this.floor = floor;
        this.awaited = awaited;
        this.settings = settings;
        this.reports = reports;
    }

    void serve(GroupReplay group) {
        if (!group.begin()) {
            return;
        }
        serving = group;
        try {
            Outcome outcome = batch(group).replay(group.progress(), floor.applyAsLong(openedNanos));
            while (!awaited.getAsBoolean() && group.goesOn(outcome)) {
                reports.batch(group, outcome);
                outcome = batch(group).replay(group.progress(), floor.applyAsLong(openedNanos));
            }
            // While the group is still in its hands: what an observer throws ends this office and no other.
            reports.batch(group, outcome);
            group.ended(outcome);
        } catch (Office.RefusedException e) {
            // Nothing is wrong: what this instance knows is late. It looks again, more and more rarely, until it is
            // told.
            var unused = group.failed(String.valueOf(e.getMessage()), false);
        } catch (SteppedDownException e) {
            // What was read ahead may have left the authority's session in the middle of something.
            close();
            reports.steppedDown(group);
        } catch (RuntimeException | Error e) {
            // An Error too: a group that is never given back is never replayed again, and nobody would know.
            giveBack(group, e);
        } finally {
            serving = null;
        }
    }

    private void giveBack(GroupReplay group, Throwable fault) {
        try {
            close();
        } finally {
            reports.failed(group, Problems.describe(fault), true);
        }
    }

    boolean isAt(GroupReplay group) {
        return serving == group;
    }

    /** Ends the sessions under it. */
    void disturb() {
        SessionPair current = open;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void close() {
        disturb();
        open = null;
        batches.clear();
    }

    private Batch batch(GroupReplay group) {
        SessionPair pair = open;
        if (pair == null) {
            openedNanos = System.nanoTime();
            pair = sessions.get();
            // Again, now that it is open: the floor must have been confirmed after the session was.
            openedNanos = System.nanoTime();
            open = pair;
        }
        Office office = group.office();
        if (office == null) {
            office = Office.take(group.name(), to, pair.authority(), pair.shadow(), group::isRed);
            group.tookOffice(office);
        }
        Batch batch = batches.get(group.name());
        if (batch == null || batch.office() != office) {
            batch = new Batch(pair, office, settings, awaited);
            batches.put(group.name(), batch);
        }
        return batch;
    }
}
