package io.crossfade.ledger;

import io.crossfade.migration.Side;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What this proxy counts, until every database has it. Each entry belongs to this instance and one period and holds totals,
 * so what is written again after a lost answer is written over itself; and what a database that is away has not got stays
 * here until it is back.
 *
 * <p>Price: memory for the entries of the running period and of those that a database lacks, at most {@link Book#most} of
 * them on each {@link Page}. Beyond that the oldest go first, and nothing new is counted while all are of the running period;
 * {@link #lost} tells of both.
 *
 * <p>Threads: any. Threads count on pages of their own, which are added up when they are read: no call waits for another.
 */
public final class Ledger<E extends Entry> {
    /** A statement stays small, so that it ends in time. */
    private static final int MOST_AT_ONCE = 500;

    /** More than there are event loops as a rule; a power of two. */
    private static final int PAGES = 16;

    private final String instance = UUID.randomUUID().toString();
    private final Book book;
    private final Set<Side> sides;
    private final InstantSource clock;
    private final Supplier<E> fresh;
    private final List<Page<E>> pages =
            Stream.generate(Page<E>::new).limit(PAGES).toList();
    /** What each side has of an entry, by all entries of all pages in the order in which they were begun. */
    private final Map<Place, Map<Side, Long>> written = new LinkedHashMap<>();

    private final LongAdder lost = new LongAdder();
    private volatile Instant full = Instant.MIN;

    /**
     * An empty one.
     *
     * @param sides the databases that are to have it; none where it is only kept in memory
     */
    public Ledger(Book book, Set<Side> sides, InstantSource clock, Supplier<E> fresh) {
        this.book = book;
        this.sides = Set.copyOf(sides);
        this.clock = clock;
        this.fresh = fresh;
    }

    /** Counts something. */
    public void count(List<String> key, Consumer<E> counted) {
        List<String> kept = List.copyOf(key);
        Page<E> page = pages.get((int) (Thread.currentThread().getId() & (PAGES - 1)));
        Place missing = page.count(() -> place(kept), counted);
        // While it is full of this period there is nothing to look for.
        if (missing != null && (missing.period().equals(full) || !begin(page, kept, counted))) {
            lost.increment();
        }
    }

    /** How many observations or entries did not fit into memory. */
    public long lost() {
        return lost.sum();
    }

    Book book() {
        return book;
    }

    String instance() {
        return instance;
    }

    /** The start of the oldest period that is kept. */
    Instant oldest() {
        return periodOf(clock.instant().minus(book.keep()));
    }

    Instant periodOf(Instant moment) {
        long seconds = book.period().toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(moment.getEpochSecond(), seconds) * seconds);
    }

    /** What that side has not got, the oldest first; a part of it where it is much. */
    Batch unwritten(Side side) {
        JsonArray entries = new JsonArray();
        Map<Place, Long> weights = new LinkedHashMap<>();
        has(side).forEach((place, has) -> {
            if (weights.size() < MOST_AT_ONCE && weight(place) > has) {
                E sum = sum(place);
                weights.put(place, sum.weight());
                entries.add(new JsonObject()
                        .put("period", place.period().toString())
                        .put("key", new JsonArray(place.key()).encode())
                        .put("weight", sum.weight())
                        .put("numbers", sum.numbers()));
            }
        });
        return new Batch(entries.encode(), weights);
    }

    /** That side has it now; what every side has of a period that is over is let go. */
    synchronized void wrote(Side side, Batch batch) {
        Instant running = periodOf(clock.instant());
        batch.weights().forEach((place, weight) -> {
            Map<Side, Long> known = written.get(place);
            if (known != null) {
                known.merge(side, weight, Math::max);
                if (place.period().isBefore(running) && isEverywhere(place, known)) {
                    drop(place);
                }
            }
        });
    }

    /** What is in memory from that moment on, as if it had been read. */
    List<Line> lines(Instant since) {
        List<Line> lines = new ArrayList<>();
        for (Place place : places()) {
            if (!place.period().isBefore(periodOf(since))) {
                E sum = sum(place);
                lines.add(new Line(instance, place.period(), place.key(), sum.weight(), sum.numbers()));
            }
        }
        return lines;
    }

    private Place place(List<String> key) {
        return new Place(periodOf(clock.instant()), key);
    }

    private synchronized List<Place> places() {
        return List.copyOf(written.keySet());
    }

    private synchronized Map<Place, Long> has(Side side) {
        Map<Place, Long> has = new LinkedHashMap<>();
        written.forEach((place, known) -> has.put(place, known.getOrDefault(side, 0L)));
        return has;
    }

    private E sum(Place place) {
        E sum = fresh.get();
        pages.forEach(page -> page.addTo(sum, place));
        return sum;
    }

    private long weight(Place place) {
        return pages.stream().mapToLong(page -> page.weight(place)).sum();
    }

    private boolean isEverywhere(Place place, Map<Side, Long> known) {
        long weight = weight(place);
        return sides.stream().allMatch(side -> known.getOrDefault(side, 0L) >= weight);
    }

    /** False where there is no room. */
    private synchronized boolean begin(Page<E> page, List<String> key, Consumer<E> counted) {
        Place place = place(key);
        if (!written.containsKey(place)) {
            places().stream().filter(old -> old.period().isBefore(oldest())).forEach(this::drop);
            if (written.size() >= book.most() && !dropOldest(place.period())) {
                full = place.period();
                return false;
            }
            written.put(place, new EnumMap<>(Side.class));
        }
        page.begin(place, fresh, counted);
        return true;
    }

    /** Makes room by letting go what the running period is not about. */
    private boolean dropOldest(Instant running) {
        Place oldest = written.keySet().stream()
                .filter(place -> place.period().isBefore(running))
                .min(Comparator.comparing(Place::period))
                .orElse(null);
        if (oldest == null) {
            return false;
        }
        drop(oldest);
        lost.increment();
        return true;
    }

    private void drop(Place place) {
        written.remove(place);
        pages.forEach(page -> page.drop(place));
    }

    record Place(Instant period, List<String> key) {}

    /**
     * Entries on their way to a side.
     *
     * @param json what is written
     * @param weights how much of each entry that is
     */
    record Batch(String json, Map<Place, Long> weights) {
        boolean isEmpty() {
            return weights.isEmpty();
        }

        /** Whether there may be more. */
        boolean isPart() {
            return weights.size() == MOST_AT_ONCE;
        }
    }
}
