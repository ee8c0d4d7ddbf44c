package io.crossfade.comparison;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The columns, by shape of call, that differ against themselves, such as {@code now()}. What was not seen for a while is forgotten, and
 * of the shapes those first that were seen longest ago. Threads: any.
 */
final class Noise {
    private static final int MOST_SHAPES = 1_000;
    private static final int MOST_COLUMNS = 100;
    private static final long KEPT_NANOS = Duration.ofHours(1).toNanos();

    private final LongSupplier nanos;
    private final Map<String, Map<String, Long>> seen = new LinkedHashMap<>();

    /** @param nanos {@link System#nanoTime} */
    Noise(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized Set<String> of(String shape) {
        Map<String, Long> columns = seen.get(shape);
        if (columns == null) {
            return Set.of();
        }
        long now = nanos.getAsLong();
        columns.values().removeIf(last -> now - last > KEPT_NANOS);
        if (columns.isEmpty()) {
            seen.remove(shape);
        }
        return Set.copyOf(columns.keySet());
    }

    synchronized void remember(String shape, Set<String> columns) {
        if (columns.isEmpty()) {
            return;
        }
        Map<String, Long> known = seen.remove(shape);
        Map<String, Long> latest = known == null ? new HashMap<>() : known;
        long now = nanos.getAsLong();
        columns.forEach(column -> {
            if (latest.size() < MOST_COLUMNS || latest.containsKey(column)) {
                latest.put(column, now);
            }
        });
        seen.put(shape, latest);
        if (seen.size() > MOST_SHAPES) {
            seen.remove(seen.keySet().iterator().next());
        }
    }
}
