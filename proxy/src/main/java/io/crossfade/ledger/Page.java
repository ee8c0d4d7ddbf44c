package io.crossfade.ledger;

import io.crossfade.ledger.Ledger.Place;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What some of the threads have counted.
 *
 * <p>Threads: any, one at a time. As a rule one thread counts on it, and whoever reads takes one entry at a time, so hardly
 * anybody waits.
 */
final class Page<E extends Entry> {
    private final Map<Place, E> entries = new HashMap<>();

    /**
     * Counts where there is an entry already, or gives back where there is none.
     *
     * @param now gives the place of this moment: asked here, so that nobody counts at a place which was over before
     */
    synchronized @Nullable Place count(Supplier<Place> now, Consumer<E> counted) {
        Place place = now.get();
        E entry = entries.get(place);
        if (entry == null) {
            return place;
        }
        counted.accept(entry);
        return null;
    }

    synchronized void begin(Place place, Supplier<E> fresh, Consumer<E> counted) {
        counted.accept(entries.computeIfAbsent(place, unknown -> fresh.get()));
    }

    synchronized void drop(Place place) {
        entries.remove(place);
    }

    synchronized long weight(Place place) {
        E entry = entries.get(place);
        return entry == null ? 0 : entry.weight();
    }

    /** Adds what is counted there to another entry. */
    synchronized void addTo(E sum, Place place) {
        E entry = entries.get(place);
        if (entry != null) {
            sum.add(entry.numbers());
        }
    }
}
