package io.crossfade.bench;

import io.crossfade.demo.Latencies;
import java.util.Map;

/**
 * How long writes were held while an authority moved there and back, so often.
 *
 * @param cutover to the target
 * @param rollback and back
 * @param steps how long each step of a move took, by its name, in the order in which they are taken
 * @param calls how long the calls took that went on all the while
 * @param perSecond how many there were
 * @param leftOut how many more were due, and not made because as many as there are connections waited for their answers
 */
public record HoldTimes(
        int rounds,
        Latencies cutover,
        Latencies rollback,
        Map<String, Latencies> steps,
        Latencies calls,
        double perSecond,
        int leftOut) {}
