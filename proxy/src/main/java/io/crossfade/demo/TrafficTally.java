package io.crossfade.demo;

import io.crossfade.migration.Side;
import io.vertx.core.AsyncResult;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What became of the bot's calls, by repository, by the side that answered, and by status.
 *
 * <p>Threading: one thread writes, any thread reads.
 */
public final class TrafficTally {
    /** How often a repository was called, and how often the answer was not one that the bot can work with. */
    public static final class Repository {
        private final LongAdder calls = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private final Map<String, LongAdder> sides = new ConcurrentSkipListMap<>();
        private final Latencies latencies = new Latencies();

        public long calls() {
            return calls.sum();
        }

        public long errors() {
            return errors.sum();
        }

        /** How many calls that side answered. */
        public long answeredBy(Side side) {
            LongAdder answered = sides.get(side.label());
            return answered == null ? 0 : answered.sum();
        }

        public Latencies latencies() {
            return latencies;
        }
    }

    private final Map<String, Repository> repositories = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> statuses = new ConcurrentSkipListMap<>();
    private final Latencies latencies = new Latencies();
    private final LongAdder errors = new LongAdder();
    private final AtomicReference<@Nullable String> firstError = new AtomicReference<>();

    void record(BotRequest request, AsyncResult<BotReply> result, long nanos) {
        boolean failed = result.failed() || !request.expects(result.result().status());
        Repository repository = repositories.computeIfAbsent(request.repository(), name -> new Repository());
        repository.calls.increment();
        repository.latencies.record(nanos);
        latencies.record(nanos);
        if (result.succeeded() && result.result().side() != null) {
            repository
                    .sides
                    .computeIfAbsent(result.result().side(), side -> new LongAdder())
                    .increment();
        }
        String status =
                result.failed() ? "no answer" : String.valueOf(result.result().status());
        statuses.computeIfAbsent(status, code -> new LongAdder()).increment();
        if (failed) {
            repository.errors.increment();
            errors.increment();
            Object detail = result.failed() ? result.cause() : result.result().body();
            firstError.compareAndSet(null, request.method() + " " + request.path() + ": " + status + " " + detail);
        }
    }

    public Map<String, Repository> repositories() {
        return repositories;
    }

    /** Calls by status, {@code no answer} among them. */
    public Map<String, LongAdder> statuses() {
        return statuses;
    }

    /** How many calls that side answered; those that failed name none. */
    public long answeredBy(Side side) {
        return repositories.values().stream()
                .mapToLong(repository -> repository.answeredBy(side))
                .sum();
    }

    public Latencies latencies() {
        return latencies;
    }

    public long calls() {
        return latencies.count();
    }

    public long errors() {
        return errors.sum();
    }

    /** The first answer that the bot could not work with, in full. */
    public @Nullable String firstError() {
        return firstError.get();
    }
}
