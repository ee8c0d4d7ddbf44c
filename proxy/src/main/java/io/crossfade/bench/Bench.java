package io.crossfade.bench;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Vertx;
import java.time.Duration;
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
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final int WARM_UP_CALLERS = 8;

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
        warmUp();
        List<Comparison> comparisons = new ArrayList<>();
        for (int callers : options.callers()) {
            for (BenchCase measured : BenchCase.values()) {
                doing = measured.title() + ", " + callers + (callers == 1 ? " caller" : " callers");
                comparisons.add(compare(measured, callers));
            }
        }
        return comparisons;
    }

    /** Lets the compiler have done its work before anything is measured, or the first cases would pay for it. */
    private void warmUp() throws TimeoutException {
        doing = "warming up";
        for (BenchCase warmed : List.of(BenchCase.ONE_ROW, BenchCase.UPSERT_ONE)) {
            for (Contender contender : List.of(straight, proxied)) {
                round(contender, warmed, WARM_UP_CALLERS, WARM_UP);
            }
        }
    }

    private Comparison compare(BenchCase measured, int callers) throws TimeoutException {
        Comparison comparison = new Comparison(measured, callers, new Measurement(), new Measurement());
        for (int round = 0; round <= BenchOptions.ROUNDS; round++) {
            LoadRound.Result first = counted(straight, measured, callers);
            LoadRound.Result second = counted(proxied, measured, callers);
            // The first one fills caches and lets the compiler work.
            if (round > 0) {
                comparison.straight().add(first);
                comparison.proxied().add(second);
            }
        }
        return comparison;
    }

    private LoadRound.Result counted(Contender contender, BenchCase measured, int callers) throws TimeoutException {
        LoadRound.Result result = round(contender, measured, callers, options.perRound());
        roundsDone.getAndIncrement();
        return result;
    }

    @CanIgnoreReturnValue
    private LoadRound.Result round(Contender contender, BenchCase measured, int callers, Duration length)
            throws TimeoutException {
        LoadRound.Result result = new LoadRound(vertx, contender, measured)
                .run(callers, length)
                .await(length.toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS);
        firstFailure.compareAndSet(null, result.firstFailure());
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
