package io.crossfade.ledger;

import io.vertx.core.json.JsonObject;

/**
 * What one proxy has counted of one thing in one period. Every number in it only grows, so that of two states of it the one
 * with the greater {@link #weight} holds the other.
 *
 * <p>Threads: an entry of a {@link Ledger} is changed and read under the lock of its page.
 */
public interface Entry {
    /** What grows with every change. */
    long weight();

    /** All of it. */
    JsonObject numbers();

    /** Adds what another entry has counted of the same. */
    void add(JsonObject numbers);
}
