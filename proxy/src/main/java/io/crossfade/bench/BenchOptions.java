package io.crossfade.bench;

import java.time.Duration;
import java.util.List;

/**
 * How long and how hard to measure.
 *
 * @param callers numbers of callers, one after the other; also the connections of each contender
 * @param perCase the time for one contender in one case with one number of callers, all rounds together
 */
public record BenchOptions(List<Integer> callers, Duration perCase) {
    /** Short turns, so that a change in the machine's mood meets both contenders. */
    static final int ROUNDS = 4;

    public BenchOptions {
        callers = List.copyOf(callers);
    }

    Duration perRound() {
        return perCase.dividedBy(ROUNDS);
    }

    int mostCallers() {
        return callers.stream().mapToInt(Integer::intValue).max().orElse(1);
    }

    /** How many rounds there will be, warm-up rounds included. */
    int rounds() {
        return BenchCase.values().length * callers.size() * 2 * (ROUNDS + 1);
    }
}
