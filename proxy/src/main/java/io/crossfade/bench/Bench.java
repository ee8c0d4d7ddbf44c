package io.crossfade.bench;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets two contenders take turns at the same calls.
 *
 * <p>They share the machine with the database and with the load generator, so the ratio says more than the numbers.
 * Blocks while it measures; {@link #progress} may be called from any thread.
 */
public final class Bench {
    private static final long GRACE_SECONDS = 30;

    private final Vertx vertx;
    private final Contender straight;
    private final Contender proxied;
    private final BenchOptions options;
    private final AtomicInteger roundsDone = new AtomicInteger();
    private volatile String doing = "";
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

    Bench(Vertx vertx, Contender straight, Contender proxied, BenchOptions options) {
        this.vertx = vertx;
        this.straight = straight;
        this.proxied = proxied;
        this.options = options;
    }

    /** Measures every case with every number of callers. */
    public List<Comparison> run() throws TimeoutException {
        List<Comparison> comparisons = new ArrayList<>();
        for (int callers : options.callers()) {
            for (BenchCase measured : BenchCase.values()) {
                doing = measured.title() + ", " + callers + (callers == 1 ? " caller" : " callers");
                comparisons.add(compare(measured, callers));
            }
        }
        return comparisons;
    }

    private Comparison compare(BenchCase measured, int callers) throws TimeoutException {
        Comparison comparison = new Comparison(measured, callers, new Measurement(), new Measurement());
        for (int round = 0; round <= BenchOptions.ROUNDS; round++) {
            LoadRound.Result first = round(straight, measured, callers);
            LoadRound.Result second = round(proxied, measured, callers);
            // The first one fills caches and lets the compiler work.
            if (round > 0) {
                comparison.straight().add(first);
                comparison.proxied().add(second);
            }
        }
        return comparison;
    }

    private LoadRound.Result round(Contender contender, BenchCase measured, int callers) throws TimeoutException {
        LoadRound.Result result = new LoadRound(vertx, contender, measured)
                .run(callers, options.perRound())
                .await(options.perRound().toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS);
        firstFailure.compareAndSet(null, result.firstFailure());
        roundsDone.getAndIncrement();
        return result;
    }

    /** Why a call failed first; null where none did. */
    public @Nullable Throwable firstFailure() {
        return firstFailure.get();
    }

    /** From 0 to 1. */
    public double progress() {
        return (double) roundsDone.get() / options.rounds();
    }

    /** The case under way. */
    public String doing() {
        return doing;
    }
}
