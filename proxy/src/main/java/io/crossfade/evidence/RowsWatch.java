package io.crossfade.evidence;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.observation.Observation.RowsGone;
import io.crossfade.observation.Observation.SideAnswer;
import io.crossfade.observation.Observer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Notices when reads of a shape used to find rows on a side and do not any more. It speaks up when so many in a row found
 * none that this was next to impossible at the rate before (fewer than one in a million), and for long enough that one caller
 * who asks for one thing again and again does not set it off. Sampled reads are what it sees, so a rare shape takes long.
 *
 * <p>Threads: any. Memory is bounded; the shapes that were not seen for longest go first.
 */
public final class RowsWatch implements Observer {
    private static final int MOST_SHAPES = 4_000;
    private static final int LEAST_READS = 20;

    /** With this many rows expected, none is less likely than one in a million, whatever the rate. */
    private static final double LEAST_EXPECTED = 14;

    private static final Duration LEAST_TIME = Duration.ofMinutes(10);

    /** The rate is that of the last reads, about this many. */
    private static final long MEMORY = 10_000;

    private final InstantSource clock;
    private final Observer told;
    private final Map<Key, Seen> shapes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Seen> eldest) {
            return size() > MOST_SHAPES;
        }
    };

    /** @param told hears the alarms */
    public RowsWatch(InstantSource clock, Observer told) {
        this.clock = clock;
        this.told = told;
    }

    @Override
    public void observe(Observation observation) {
        // A count gives no rows.
        if (observation instanceof ReadCompared read && read.operation() != Operation.COUNT) {
            saw(read, read.authority());
            saw(read, read.shadow());
        }
    }

    /** What is alarming now. */
    public synchronized List<Gone> now() {
        List<Gone> gone = new ArrayList<>();
        shapes.forEach((key, seen) -> {
            if (seen.told) {
                gone.add(new Gone(
                        key.repository(), key.shape(), key.side(), seen.none, Objects.requireNonNull(seen.since)));
            }
        });
        return gone;
    }

    /** What was seen before this proxy was started: an alarm must not need a proxy that has run for days. */
    public synchronized void remember(List<Evidence.Shape> known) {
        for (Evidence.Shape shape : known) {
            for (Side side : Side.values()) {
                Seen seen = shapes.computeIfAbsent(new Key(shape.repository(), shape.shape(), side), key -> new Seen());
                seen.found += shape.numbers().of(side).found();
                long failed = shape.numbers().of(side).codes().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                seen.reads += shape.numbers().compared() - failed;
            }
        }
    }

    private void saw(ReadCompared read, SideAnswer answer) {
        if (answer.code() == null) {
            Key key = new Key(read.repositoryLabel(), Evidence.shape(read), answer.side());
            @Nullable RowsGone gone = saw(key, answer.rows() > 0);
            if (gone != null) {
                told.observe(gone);
            }
        }
    }

    private synchronized @Nullable RowsGone saw(Key key, boolean found) {
        Seen seen = shapes.computeIfAbsent(key, fresh -> new Seen());
        if (found) {
            seen.found();
            return null;
        }
        if (seen.none++ == 0) {
            seen.since = clock.instant();
        }
        if (seen.told || !seen.isGone(clock.instant())) {
            return null;
        }
        seen.told = true;
        return new RowsGone(key.repository(), key.shape(), key.side(), seen.none);
    }

    /** Reads that found rows on a side until then. */
    public record Gone(String repository, String shape, Side side, long reads, Instant since) {}

    private record Key(String repository, String shape, Side side) {}

    private static final class Seen {
        /** Of these reads so many found rows; not counting the last ones, which found none. */
        private long reads;

        private long found;
        private long none;
        private @Nullable Instant since;
        private boolean told;

        void found() {
            reads += none + 1;
            found++;
            if (reads > MEMORY) {
                reads /= 2;
                found /= 2;
            }
            none = 0;
            since = null;
            told = false;
        }

        boolean isGone(Instant now) {
            return reads >= LEAST_READS
                    && none >= LEAST_READS
                    && (double) none * found / reads >= LEAST_EXPECTED
                    && since != null
                    && !since.plus(LEAST_TIME).isAfter(now);
        }
    }
}
