package io.crossfade.ledger;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * One entry as it was read.
 *
 * @param instance which proxy counted
 * @param period the start of the period
 * @param key of what
 * @param numbers all of it
 */
public record Line(String instance, Instant period, List<String> key, long weight, JsonObject numbers) {
    public Line {
        key = List.copyOf(key);
    }

    Line heavier(Line other) {
        return other.weight > weight ? other : this;
    }
}
