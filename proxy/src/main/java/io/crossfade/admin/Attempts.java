package io.crossfade.admin;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts wrong tokens, so that nobody can try many: ten a minute from one address, a hundred a minute from all of them.
 * Different ones: a script that repeats an old token counts once a minute, and so shuts nobody out.
 *
 * <p>Where the limit is reached even the right token is refused, because an answer that tells right from wrong is all
 * that a guesser wants. The limit over all addresses spares those that showed a right token before: whoever guesses from
 * many addresses keeps no operator out.
 *
 * <p>Memory is bounded: by the limits themselves, and by the number of addresses that are spared. Threads: any.
 */
final class Attempts {
    static final int PER_ADDRESS = 10;
    static final int OVER_ALL = 100;
    private static final int MOST_SPARED = 1_000;
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier clock;
    private final Map<String, Failures> byAddress = new HashMap<>();
    /** The one that showed a right token last is last. */
    private final Set<String> spared = new LinkedHashSet<>();

    private Failures overAll;
    private long toldAt;

    /** @param clock nanoseconds that only grow, such as {@link System#nanoTime} */
    Attempts(LongSupplier clock) {
        this.clock = clock;
        this.overAll = new Failures(clock.getAsLong(), OVER_ALL);
        this.toldAt = clock.getAsLong() - WINDOW_NANOS;
    }

    /** How long this address has to wait before its next token is looked at; 0 where it need not. */
    synchronized long secondsToWait(String address) {
        long now = clock.getAsLong();
        Failures its = byAddress.get(address);
        long seconds = its == null ? 0 : its.secondsToWait(now);
        return seconds > 0 || spared.contains(address) ? seconds : overAll.secondsToWait(now);
    }

    /** That token, by its hash, was wrong. */
    synchronized void wrong(String address, String hash) {
        long now = clock.getAsLong();
        byAddress.values().removeIf(failures -> failures.isOver(now));
        if (overAll.isOver(now)) {
            overAll = new Failures(now, OVER_ALL);
        }
        byAddress
                .computeIfAbsent(address, first -> new Failures(now, PER_ADDRESS))
                .add(hash);
        overAll.add(hash);
    }

    synchronized void right(String address) {
        if (!spared.remove(address) && spared.size() == MOST_SPARED) {
            spared.remove(spared.iterator().next());
        }
        spared.add(address);
    }

    /** Whether a refusal is worth a word: once a minute. */
    synchronized boolean isWorthTelling() {
        long now = clock.getAsLong();
        if (now - toldAt < WINDOW_NANOS) {
            return false;
        }
        toldAt = now;
        return true;
    }

    /** The wrong tokens of one minute, no more of them than the limit. */
    private static final class Failures {
        private final long since;
        private final int limit;
        private final Set<String> hashes = new HashSet<>();

        Failures(long since, int limit) {
            this.since = since;
            this.limit = limit;
        }

        void add(String hash) {
            if (hashes.size() < limit) {
                hashes.add(hash);
            }
        }

        boolean isOver(long now) {
            return now - since >= WINDOW_NANOS;
        }

        long secondsToWait(long now) {
            return hashes.size() < limit || isOver(now)
                    ? 0
                    : 1 + TimeUnit.NANOSECONDS.toSeconds(since + WINDOW_NANOS - now);
        }
    }
}
