package io.crossfade.execution.fresh;

import io.crossfade.call.Call;
import io.crossfade.call.Invocation;
import io.crossfade.call.Write;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.WriteAcknowledged;
import io.crossfade.observation.Observation.WriteAcknowledged.Result;
import io.crossfade.observation.Observer;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.RouteTable;
import io.crossfade.routing.ShadowState;
import io.crossfade.routing.Shadows;
import io.crossfade.settings.FreshnessSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Holds the answer to a write back until no instance can answer a read without it: until the shadow has it, or until every
 * freshness lease that does not include it has run out.
 *
 * <p>A waiting answer holds no connection, and there are at most {@link #MOST_WAITING} of them. Threads: any; nothing blocks.
 */
final class Acknowledgements {
    static final int MOST_WAITING = 10_000;

    private final Vertx vertx;
    private final Shadows shadows;
    private final Observer observer;
    private final Map<Direction, Rounds> rounds = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Acknowledgements(Vertx vertx, Shadows shadows, Observer observer) {
        this.vertx = vertx;
        this.shadows = shadows;
        this.observer = observer;
    }

    boolean isSaturated() {
        return waiting.get() >= MOST_WAITING;
    }

    /** Completes, and never fails, when the call may be answered; to be asked as soon as it has committed. */
    Future<Void> of(Call call, RouteTable table) {
        if (call instanceof Write write) {
            String name = write.repository().name();
            return table.of(name).acknowledgedByBoth() ? acknowledged(name, table.of(name)) : Future.succeededFuture();
        }
        return call instanceof Invocation invocation && !invocation.readOnly()
                ? everywhere(table)
                : Future.succeededFuture();
    }

    /** What a function wrote is not known, so every group has to have it whose shadow answers reads. */
    private Future<Void> everywhere(RouteTable table) {
        Map<String, String> oneOfGroup = new HashMap<>();
        table.repositories().forEach((name, rollout) -> {
            if (rollout.acknowledgedByBoth()) {
                Shadows.Group group = shadows.of(name, rollout.stage().authority());
                oneOfGroup.putIfAbsent(group == null ? rollout.group() : group.name(), name);
            }
        });
        if (oneOfGroup.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Future<Void>> all = new ArrayList<>();
        oneOfGroup.values().forEach(name -> all.add(acknowledged(name, table.of(name))));
        return Future.join(all).mapEmpty();
    }

    private Future<Void> acknowledged(String repository, RepositoryRollout rollout) {
        long committed = System.nanoTime();
        FreshnessSettings freshness = rollout.freshness();
        Side authority = rollout.stage().authority();
        Shadows.Group group = shadows.of(repository, authority);
        ShadowState state = group == null ? null : group.state();
        if (state != null && state.isKnownToBeUnread(committed, freshness.freshFor())) {
            observer.observe(new WriteAcknowledged(repository, Result.SKIPPED, 0));
            return Future.succeededFuture();
        }
        boolean inStep = state != null && !state.isBehind() && state.isKnown(committed, freshness.freshFor());
        Duration most = inStep ? freshness.ackTimeout() : freshness.freshFor();
        return waited(group, authority, committed, most, freshness.freshFor())
                .onSuccess(result ->
                        observer.observe(new WriteAcknowledged(repository, result, System.nanoTime() - committed)))
                .mapEmpty();
    }

    private Future<Result> waited(
            Shadows.@Nullable Group group, Side authority, long committed, Duration most, Duration freshFor) {
        waiting.incrementAndGet();
        Promise<Result> answer = Promise.promise();
        // The replay has a thread of its own, and front doors rely on theirs.
        Context caller = vertx.getOrCreateContext();
        Deadline deadline = new Deadline(vertx, () -> caller.runOnContext(on -> answer.tryComplete(Result.TIMEOUT)));
        deadline.set(committed + most.toNanos());
        if (group == null) {
            return answer.future().onComplete(done -> waiting.decrementAndGet());
        }
        Rounds asking = rounds.computeIfAbsent(new Direction(group.name(), authority), first -> new Rounds());
        Promise<Void> replayed = Promise.promise();
        replayed.future().onSuccess(caughtUp -> {
            if (group.state().isBehind()) {
                // Perhaps it is this very row that the shadow would not take: no lease may be left that misses it.
                deadline.set(committed + freshFor.toNanos());
            } else {
                caller.runOnContext(on -> answer.tryComplete(Result.REPLAYED));
            }
        });
        asking.join(replayed, group);
        return answer.future().onComplete(done -> {
            waiting.decrementAndGet();
            deadline.cancel();
            asking.leave(replayed);
        });
    }

    /** A group on its way from one side: who waits for one direction must not wait for the end of the other. */
    private record Direction(String group, Side authority) {}
}
