package io.crossfade.observation;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Meters by a small key that is made anew for each observation, so that the tags are put together once per meter and not
 * once per call. Threads: any, without a lock once a meter exists.
 */
final class Meters<K, M> {
    /** Around the few milliseconds that a call takes, up to the time after which clients give up. */
    static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(10)
    };

    private final Map<K, M> meters = new ConcurrentHashMap<>();
    private final Function<K, M> made;

    Meters(Function<K, M> made) {
        this.made = made;
    }

    /** Asks first, because {@code computeIfAbsent} may lock even where there is nothing to compute. */
    M of(K key) {
        M meter = meters.get(key);
        return meter != null ? meter : meters.computeIfAbsent(key, made);
    }
}
