package io.crossfade.observation;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.CallServed;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many calls each side answered in the last minute, for the page. Memory is bounded by the number of repositories,
 * because {@link CallServed} names only repositories that a database has.
 *
 * <p>Threading: from any thread, without a lock once a repository was seen.
 */
public final class CallTally implements Observer {
    private final InstantSource clock;
    private final Map<String, Windows> repositories = new ConcurrentHashMap<>();

    public CallTally() {
        this(InstantSource.system());
    }

    CallTally(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof CallServed served && served.side() != null) {
            windowsOf(served.repository())
                    .of(served.side(), served.operation().isRead())
                    .count(second());
        }
    }

    /** The calls of the repository in the last minute; zero for one that was never seen. */
    public Counts of(String repository) {
        Windows windows = repositories.get(repository);
        if (windows == null) {
            return Counts.NONE;
        }
        long now = second();
        return new Counts(
                windows.legacyReads.total(now),
                windows.legacyWrites.total(now),
                windows.targetReads.total(now),
                windows.targetWrites.total(now));
    }

    /** Asks first, because {@code computeIfAbsent} may lock even where there is nothing to compute. */
    private Windows windowsOf(String repository) {
        Windows windows = repositories.get(repository);
        return windows != null ? windows : repositories.computeIfAbsent(repository, name -> new Windows());
    }

    private long second() {
        return clock.millis() / 1_000;
    }

    /** Calls by side; whatever is not a read by its operation counts as a write. */
    public record Counts(long legacyReads, long legacyWrites, long targetReads, long targetWrites) {
        static final Counts NONE = new Counts(0, 0, 0, 0);
    }

    private static final class Windows {
        private final SlidingCount legacyReads = new SlidingCount();
        private final SlidingCount legacyWrites = new SlidingCount();
        private final SlidingCount targetReads = new SlidingCount();
        private final SlidingCount targetWrites = new SlidingCount();

        SlidingCount of(Side side, boolean read) {
            return switch (side) {
                case LEGACY -> read ? legacyReads : legacyWrites;
                case TARGET -> read ? targetReads : targetWrites;
            };
        }
    }
}
