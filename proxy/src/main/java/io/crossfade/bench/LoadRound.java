package io.crossfade.bench;

import io.crossfade.demo.Latencies;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Some callers that each make one call after the other for a while: never more calls under way than callers.
 *
 * <p>One shot: make a new one for each round.
 */
final class LoadRound {
    /**
     * What a round saw.
     *
     * @param nanos from the first call to the end of the last
     * @param firstFailure why a call failed first; null where none did
     */
    record Result(
            Latencies latencies,
            long nanos,
            long failures,
            @Nullable Throwable firstFailure) {}

    private final Vertx vertx;
    private final Contender contender;
    private final BenchCase measured;
    private final Latencies latencies = new Latencies();
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable Throwable firstFailure;
    private long end;

    LoadRound(Vertx vertx, Contender contender, BenchCase measured) {
        this.vertx = vertx;
        this.contender = contender;
        this.measured = measured;
    }

    Future<Result> run(int callers, Duration time) {
        long begun = System.nanoTime();
        end = begun + time.toNanos();
        List<Future<Void>> all =
                IntStream.range(0, callers).mapToObj(this::caller).toList();
        return Future.all(all)
                .map(done -> new Result(latencies, System.nanoTime() - begun, failures.get(), firstFailure));
    }

    private Future<Void> caller(int worker) {
        Promise<Void> done = Promise.promise();
        vertx.runOnContext(nothing -> call(worker, 0, done));
        return done.future();
    }

    private void call(int worker, int turn, Promise<Void> done) {
        long begun = System.nanoTime();
        if (begun >= end) {
            done.complete();
            return;
        }
        contender.call(measured, worker, turn).onComplete(result -> {
            latencies.record(System.nanoTime() - begun);
            if (result.failed()) {
                failures.incrementAndGet();
                firstFailure = firstFailure == null ? result.cause() : firstFailure;
            }
            // By the event loop, so that calls which fail at once do not pile up on the stack.
            vertx.runOnContext(nothing -> call(worker, turn + 1, done));
        });
    }
}
