package io.crossfade.admin;

import io.crossfade.settings.AdminToken;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Who has signed in at the page of this instance. Kept in memory, so a restart ends all of them; each ends after twelve
 * hours, and the oldest one where there are too many.
 *
 * <p>Threads: any.
 */
final class Sessions {
    static final long HOURS = 12;
    static final int MOST = 1_000;
    private static final int BYTES = 32;

    private final LongSupplier clock;
    private final SecureRandom random = new SecureRandom();
    /** By the hash of the id, so that a look-up tells nothing about ids by the time it takes; the oldest first. */
    private final Map<String, Session> open = new LinkedHashMap<>();

    /** @param clock nanoseconds that only grow, such as {@link System#nanoTime} */
    Sessions(LongSupplier clock) {
        this.clock = clock;
    }

    /** Begins one; the id is kept by the caller's browser alone. */
    synchronized Session begin(Operator operator) {
        long now = clock.getAsLong();
        open.values().removeIf(session -> session.isOver(now));
        if (open.size() == MOST) {
            open.remove(open.keySet().iterator().next());
        }
        Session session = new Session(secret(), operator, secret(), now + TimeUnit.HOURS.toNanos(HOURS));
        open.put(AdminToken.hash(session.id()), session);
        return session;
    }

    synchronized Optional<Session> find(String id) {
        return Optional.ofNullable(open.get(AdminToken.hash(id))).filter(session -> !session.isOver(clock.getAsLong()));
    }

    synchronized void end(Session session) {
        open.remove(AdminToken.hash(session.id()));
    }

    private String secret() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * One that has begun.
     *
     * @param csrf what the page repeats in a header; other pages cannot read it
     */
    record Session(String id, Operator operator, String csrf, long endsAt) {
        private boolean isOver(long now) {
            return now - endsAt >= 0;
        }
    }
}
