package io.crossfade.comparison;

import io.crossfade.call.Read;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has reads that were confirmed to differ made once more, at leisure, until both sides give the same: replay may have brought a
 * later value, or somebody has mended the row.
 *
 * <p>What it holds has the values of callers, so it is in memory alone, and bounded: of each kind of mismatch the youngest reads that
 * this proxy has seen. What differs elsewhere too is found again by the next read of it.
 *
 * <p>Threads: any.
 */
final class Rechecks {
    static final int MOST_PLACES = 200;
    static final int MOST_READS = 10;
    static final long FIRST_PAUSE_NANOS = 5_000_000_000L;
    static final long LONGEST_PAUSE_NANOS = 3_600_000_000_000L;

    private final Function<Read, Future<Boolean>> agrees;
    private final Mismatch.Sink sink;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Map<Place, Open> places = new LinkedHashMap<>();
    private boolean looking;

    /** @param agrees whether both sides give the same to a read now; fails where that cannot be said */
    Rechecks(Function<Read, Future<Boolean>> agrees, Mismatch.Sink sink, InstantSource clock, LongSupplier nanos) {
        this.agrees = agrees;
        this.sink = sink;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** A read was confirmed to differ. */
    synchronized void found(Read read, List<Difference> differences) {
        for (Difference difference : differences) {
            Place place = new Place(read.repository().name(), difference.kind(), difference.columns());
            Open open = places.remove(place);
            if (open == null) {
                open = new Open();
                makeRoom();
            }
            // The youngest last.
            places.put(place, open);
            open.found(read, nanos.getAsLong());
        }
    }

    /** Has one kind of mismatch read again, if the time of any has come; one at a time. Never fails. */
    Future<Void> look() {
        Due due = due();
        if (due == null) {
            return Future.succeededFuture();
        }
        Instant began = clock.instant();
        Open open = due.open();
        long version = due.version();
        return Future.succeededFuture()
                .compose(begun -> agree(due.reads().iterator()))
                .otherwise(false)
                .map(equal -> {
                    looked(due.place(), open, version, equal, began);
                    return null;
                });
    }

    private synchronized @Nullable Due due() {
        if (looking) {
            return null;
        }
        for (Map.Entry<Place, Open> entry : places.entrySet()) {
            Open open = entry.getValue();
            if (nanos.getAsLong() - open.dueNanos >= 0) {
                looking = true;
                return new Due(entry.getKey(), open, open.version, List.copyOf(open.reads));
            }
        }
        return null;
    }

    private Future<Boolean> agree(Iterator<Read> reads) {
        return reads.hasNext()
                ? agrees.apply(reads.next()).compose(equal -> equal ? agree(reads) : Future.succeededFuture(false))
                : Future.succeededFuture(true);
    }

    private void looked(Place place, Open open, long version, boolean equal, Instant began) {
        synchronized (this) {
            looking = false;
            if (!equal) {
                open.differsStill(nanos.getAsLong());
                return;
            }
            if (open.version != version) {
                return;
            }
            places.remove(place, open);
        }
        sink.agrees(place.repository(), place.kind(), place.columns(), began);
    }

    private void makeRoom() {
        if (places.size() >= MOST_PLACES) {
            Iterator<Open> oldest = places.values().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** What mismatches are grouped by. */
    private record Place(String repository, MismatchKind kind, List<String> columns) {}

    /** What is read again now, as it was when that began. */
    private record Due(Place place, Open open, long version, List<Read> reads) {}

    /** The reads that showed it, and when they are made again. */
    private static final class Open {
        private final Set<Read> reads = new LinkedHashSet<>();
        private long version;
        private long pause = FIRST_PAUSE_NANOS;
        private long dueNanos;

        void found(Read read, long now) {
            reads.remove(read);
            reads.add(read);
            if (reads.size() > MOST_READS) {
                Iterator<Read> oldest = reads.iterator();
                oldest.next();
                oldest.remove();
            }
            version++;
            pause = FIRST_PAUSE_NANOS;
            dueNanos = now + pause;
        }

        void differsStill(long now) {
            pause = Math.min(LONGEST_PAUSE_NANOS, 2 * pause);
            dueNanos = now + pause;
        }
    }
}
