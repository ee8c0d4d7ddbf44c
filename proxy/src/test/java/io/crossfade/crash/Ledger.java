package io.crossfade.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.TestDatabase;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What callers were told. A write that was acknowledged must be there; one whose answer never came may have happened or
 * not. Threads: any, but one at a time for a key.
 */
final class Ledger {
    private static final String GONE = "gone";

    /** By key of a booking: the versions that it may have. */
    private final Map<String, Set<String>> bookings = new ConcurrentHashMap<>();

    private final Set<String> transactions = ConcurrentHashMap.newKeySet();
    private final AtomicLong acknowledged = new AtomicLong();

    /** A booking is about to get this version, or to go where it is null. */
    void attempt(String booking, @Nullable Long version) {
        bookings.computeIfAbsent(booking, ignored -> {
                    Set<String> none = ConcurrentHashMap.newKeySet();
                    none.add(GONE);
                    return none;
                })
                .add(text(version));
    }

    /** The last attempt was acknowledged. */
    void acknowledge(String booking, @Nullable Long version) {
        Set<String> only = ConcurrentHashMap.newKeySet();
        only.add(text(version));
        bookings.put(booking, only);
        acknowledged.incrementAndGet();
    }

    /** A transaction that put this row into the table {@code ledger} was acknowledged. */
    void acknowledge(String transaction) {
        transactions.add(transaction);
        acknowledged.incrementAndGet();
    }

    /** Whether a booking is known to be there, so that an update of it changes it. */
    boolean isThere(String booking) {
        return !bookings.getOrDefault(booking, Set.of(GONE)).contains(GONE);
    }

    /** How many writes were acknowledged so far. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Every acknowledged write is in this database. */
    void assertKept(TestDatabase database, String name) {
        Map<String, String> found = new ConcurrentHashMap<>();
        database.rows("SELECT id, version FROM bookings").forEach(row -> {
            String[] parts = row.split("\\|", -1);
            found.put(parts[0], parts[1]);
        });
        bookings.forEach((booking, versions) ->
                assertThat(versions).as("booking %s on %s", booking, name).contains(found.getOrDefault(booking, GONE)));
        Set<String> missing = new LinkedHashSet<>(transactions);
        database.rows("SELECT id FROM ledger").forEach(missing::remove);
        assertThat(missing).as("acknowledged transactions missing on " + name).isEmpty();
    }

    private static String text(@Nullable Long version) {
        return version == null ? GONE : version.toString();
    }
}
