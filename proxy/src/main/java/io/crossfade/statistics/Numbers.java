package io.crossfade.statistics;

import io.crossfade.ledger.Entry;
import io.crossfade.observation.Observation.SideAnswer;
import io.crossfade.observation.OutcomeLabel;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/**
 * What calls to one side came to, or how many reads were not compared.
 *
 * <p>Threads: one at a time.
 */
public final class Numbers implements Entry {
    private final Map<String, Long> errors = new TreeMap<>();
    private final Times times = new Times();
    private long calls;
    private long rows;

    Numbers() {}

    void count(SideAnswer answer) {
        calls++;
        rows += answer.rows();
        times.count(answer.nanos());
        if (answer.code() != null) {
            errors.merge(OutcomeLabel.of(answer.code()), 1L, Long::sum);
        }
    }

    /** One of which nothing is known but that it was not made. */
    void countNone() {
        calls++;
    }

    @Override
    public void add(JsonObject numbers) {
        calls += numbers.getLong("calls", 0L);
        rows += numbers.getLong("rows", 0L);
        times.add(numbers.getJsonObject("micros", new JsonObject()));
        numbers.getJsonObject("errors", new JsonObject())
                .forEach(error -> errors.merge(error.getKey(), ((Number) error.getValue()).longValue(), Long::sum));
    }

    @Override
    public long weight() {
        return calls;
    }

    @Override
    public JsonObject numbers() {
        return new JsonObject()
                .put("calls", calls)
                .put("rows", rows)
                .put("errors", new JsonObject(new TreeMap<>(errors)))
                .put("micros", times.json());
    }

    public long calls() {
        return calls;
    }

    /** Rows given or touched. */
    public long rows() {
        return rows;
    }

    /** How many calls failed, by the class of the code. */
    public Map<String, Long> errors() {
        return Map.copyOf(errors);
    }

    /** The time that this share of the calls did not exceed, in milliseconds; NaN where there was none. */
    public double percentile(double share) {
        return times.percentile(share);
    }
}
