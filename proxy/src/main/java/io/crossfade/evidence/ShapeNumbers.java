package io.crossfade.evidence;

import io.crossfade.ledger.Entry;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.observation.Observation.SideAnswer;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What comparing calls of one shape came to.
 *
 * <p>Threads: one at a time.
 */
public final class ShapeNumbers implements Entry {
    /** A function can raise any code that it likes. */
    private static final int MOST_CODES = 20;

    private final Map<Side, SideNumbers> sides = new EnumMap<>(Side.class);
    private long compared;
    private long differed;
    private long bothFailed;

    ShapeNumbers() {
        for (Side side : Side.values()) {
            sides.put(side, new SideNumbers());
        }
    }

    void count(ReadCompared read) {
        compared++;
        if (read.verdict() == ReadCompared.Verdict.MISMATCHED && read.confirmed()) {
            differed++;
        }
        if (read.authority().code() != null && read.shadow().code() != null) {
            bothFailed++;
        }
        of(read.authority().side()).count(read.authority());
        of(read.shadow().side()).count(read.shadow());
    }

    @Override
    public void add(JsonObject numbers) {
        compared += numbers.getLong("compared", 0L);
        differed += numbers.getLong("differed", 0L);
        bothFailed += numbers.getLong("bothFailed", 0L);
        sides.forEach((side, its) -> its.add(numbers.getJsonObject(side.label(), new JsonObject())));
    }

    @Override
    public long weight() {
        return compared;
    }

    @Override
    public JsonObject numbers() {
        JsonObject numbers = new JsonObject()
                .put("compared", compared)
                .put("differed", differed)
                .put("bothFailed", bothFailed);
        sides.forEach((side, its) -> numbers.put(side.label(), its.json()));
        return numbers;
    }

    public long compared() {
        return compared;
    }

    /** How many showed a difference that was there when it was read again. */
    public long differed() {
        return differed;
    }

    /** One side of it. */
    public SideNumbers of(Side side) {
        return Objects.requireNonNull(sides.get(side));
    }

    /** What that is worth. */
    public Proof proof() {
        if (compared == 0) {
            return Proof.NOTHING_COMPARED;
        }
        if (bothFailed == compared) {
            return Proof.ERRORS_ON_BOTH_SIDES;
        }
        if (differed > 0) {
            return Proof.DIFFERS;
        }
        if (2 * bothFailed >= compared) {
            return Proof.ERRORS_ON_BOTH_SIDES;
        }
        long found = sides.values().stream().filter(side -> side.found() > 0).count();
        if (found == 0) {
            return Proof.NO_ROWS_FOUND;
        }
        return found == sides.size() ? Proof.PROVEN : Proof.ROWS_ON_ONE_SIDE;
    }

    /** How one side answered. */
    public static final class SideNumbers {
        private final Map<String, Long> codes = new TreeMap<>();
        private long found;

        private void count(SideAnswer answer) {
            if (answer.code() != null) {
                add(answer.code(), 1);
            } else if (answer.rows() > 0) {
                found++;
            }
        }

        private void add(JsonObject numbers) {
            found += numbers.getLong("found", 0L);
            numbers.getJsonObject("codes", new JsonObject())
                    .forEach(code -> add(code.getKey(), ((Number) code.getValue()).longValue()));
        }

        private void add(String code, long count) {
            codes.merge(codes.containsKey(code) || codes.size() < MOST_CODES ? code : "other", count, Long::sum);
        }

        private JsonObject json() {
            return new JsonObject().put("found", found).put("codes", new JsonObject(new TreeMap<>(codes)));
        }

        /** How many calls found rows. */
        public long found() {
            return found;
        }

        /** How many calls failed, by code. */
        public Map<String, Long> codes() {
            return Map.copyOf(codes);
        }
    }
}
