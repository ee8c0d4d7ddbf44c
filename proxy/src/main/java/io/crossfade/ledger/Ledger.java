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
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What this proxy counts, until every database has it. Each entry belongs to this instance and one period and holds totals,
 * so what is written again after a lost answer is written over itself; and what a database that is away has not got stays
 * here until it is back.
 *
 * <p>Price: memory for the entries of the running period and of those that a database lacks, at most {@link Book#most} of
 * them. Beyond that the oldest go first, and nothing new is counted while all are of the running period; {@link #lost} tells
 * of both.
 *
 * <p>Threads: any. Nothing blocks; counting takes a lock for moments.
 */
public final class Ledger<E extends Entry> {
    /** A statement stays small, so that it ends in time. */
    private static final int MOST_AT_ONCE = 500;

    private final String instance = UUID.randomUUID().toString();
    private final Book book;
    private final Set<Side> sides;
    private final InstantSource clock;
    private final Supplier<E> fresh;
    private final Map<Place, Held<E>> held = new LinkedHashMap<>();
    private long lost;

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
    public synchronized void count(List<String> key, Consumer<E> counted) {
        Place place = new Place(periodOf(clock.instant()), List.copyOf(key));
        Held<E> entry = held.get(place);
        if (entry == null) {
            held.keySet().removeIf(old -> old.period().isBefore(oldest()));
            if (held.size() >= book.most() && !dropOldest(place.period())) {
                lost++;
                return;
            }
            entry = new Held<>(fresh.get());
            held.put(place, entry);
        }
        counted.accept(entry.entry);
    }

    /** How many observations or entries did not fit into memory. */
    public synchronized long lost() {
        return lost;
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
    synchronized Batch unwritten(Side side) {
        JsonArray entries = new JsonArray();
        Map<Place, Long> weights = new LinkedHashMap<>();
        for (Map.Entry<Place, Held<E>> each : held.entrySet()) {
            E entry = each.getValue().entry;
            if (weights.size() < MOST_AT_ONCE
                    && entry.weight() > each.getValue().written(side)) {
                weights.put(each.getKey(), entry.weight());
                entries.add(new JsonObject()
                        .put("period", each.getKey().period().toString())
                        .put("key", new JsonArray(each.getKey().key()).encode())
                        .put("weight", entry.weight())
                        .put("numbers", entry.numbers()));
            }
        }
        return new Batch(entries.encode(), weights);
    }

    /** That side has it now; what every side has of a period that is over is let go. */
    synchronized void wrote(Side side, Batch batch) {
        Instant running = periodOf(clock.instant());
        batch.weights().forEach((place, weight) -> {
            Held<E> entry = held.get(place);
            if (entry != null) {
                entry.written.merge(side, weight, Math::max);
                if (place.period().isBefore(running) && isEverywhere(entry)) {
                    held.remove(place);
                }
            }
        });
    }

    /** What is in memory from that moment on, as if it had been read. */
    synchronized List<Line> lines(Instant since) {
        List<Line> lines = new ArrayList<>();
        held.forEach((place, entry) -> {
            if (!place.period().isBefore(periodOf(since))) {
                lines.add(new Line(instance, place.period(), place.key(), entry.entry.weight(), entry.entry.numbers()));
            }
        });
        return lines;
    }

    private boolean isEverywhere(Held<E> entry) {
        return sides.stream().allMatch(side -> entry.written(side) >= entry.entry.weight());
    }

    /** Makes room by letting go what the running period is not about. */
    private boolean dropOldest(Instant running) {
        Place oldest = held.keySet().stream()
                .filter(place -> place.period().isBefore(running))
                .min(Comparator.comparing(Place::period))
                .orElse(null);
        if (oldest == null) {
            return false;
        }
        held.remove(oldest);
        lost++;
        return true;
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

    private static final class Held<E extends Entry> {
        private final E entry;
        private final Map<Side, Long> written = new EnumMap<>(Side.class);

        Held(E entry) {
            this.entry = entry;
        }

        long written(Side side) {
            return written.getOrDefault(side, 0L);
        }
    }
}
