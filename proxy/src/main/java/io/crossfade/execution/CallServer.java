package io.crossfade.execution;

import io.crossfade.call.Call;
import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.DatabaseFailure;
import io.crossfade.call.Failure;
import io.crossfade.call.Outcome;
import io.crossfade.call.Read;
import io.crossfade.execution.fresh.Freshness;
import io.crossfade.execution.fresh.SentWrite;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.SideAnswer;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.Route;
import io.crossfade.routing.RouteTable;
import io.crossfade.routing.Router;
import io.vertx.core.Future;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of a call behind every front door: route it once, run it, tell what happened.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class CallServer {
    /** Failures by which no database is known to have the name: it must not become a label of a metric. */
    private static final Set<String> UNKNOWN_NAMES =
            Set.of(Code.PGRST205.name(), Code.PGRST202.name(), Code.PGRST002.name());

    /** What the fence says; the statement had no effect. */
    private static final String FENCED = "CF001";

    private final Supplier<RouteTable> table;
    private final Executor executor;
    private final Freshness freshness;
    private final Holds holds;
    private final Comparing comparing;
    private final Runnable refused;
    private final Observer observer;

    /**
     * @param table gives the table of the moment; read once for each call, and once more when a write has committed
     * @param refused told when a fence refused a write, which means that the table is older than the state
     */
    public CallServer(
            Supplier<RouteTable> table,
            Executor executor,
            Freshness freshness,
            Holds holds,
            Comparing comparing,
            Runnable refused,
            Observer observer) {
        this.table = table;
        this.executor = executor;
        this.freshness = freshness;
        this.holds = holds;
        this.comparing = comparing;
        this.refused = refused;
        this.observer = observer;
    }

    /** What the side that the route names says to the call; fails with a {@link Failure} only. */
    public Future<Served> serve(Call call) {
        return serve(call, false);
    }

    /**
     * The same.
     *
     * @param compared whether somebody who may insists that it is compared
     */
    public Future<Served> serve(Call call, boolean compared) {
        long arrived = System.nanoTime();
        RouteTable now = table.get();
        Way way = new Way(Router.route(call, now, freshness, arrived));
        return (call instanceof Read read ? read(read, way, compared) : write(call, way, now, arrived))
                .map(outcome -> new Served(outcome, way.route))
                .recover(this::unexpected)
                .onComplete(answer -> observe(call, way, answer.cause(), arrived));
    }

    private Future<Outcome> read(Read read, Way way, boolean compared) {
        Route route = way.route;
        if (!route.compare() || !comparing.picks(read, compared)) {
            return ask(read, way);
        }
        long asked = System.nanoTime();
        Future<Outcome> answer = ask(read, way);
        if (comparing.isAwaited()) {
            return answer.transform(said -> comparing
                    .compare(read, route, said, System.nanoTime() - asked)
                    .compose(same -> answer));
        }
        return answer.onComplete(said -> {
            // Nobody waits for it, and it tells by itself what it found.
            var unused = comparing.compare(read, route, said, System.nanoTime() - asked);
        });
    }

    /** Waits while the authority is on its way; a write that met the fence had no effect, and goes where it is now. */
    private Future<Outcome> write(Call call, Way way, RouteTable now, long arrived) {
        RepositoryRollout standing = now.of(call.repository().name());
        if (standing.onItsWay()) {
            return again(call, way, Holds.ANY_EPOCH, arrived);
        }
        return write(call, way).recover(error -> {
            if (!isFenced(error) || !holds.waits()) {
                return Future.failedFuture(error);
            }
            refused.run();
            return again(call, way, standing.epoch(), arrived);
        });
    }

    private Future<Outcome> again(Call call, Way way, long epoch, long arrived) {
        return holds.next(call.repository().name(), epoch, arrived).compose(moved -> {
            RouteTable now = table.get();
            way.route = Router.route(call, now, freshness, System.nanoTime());
            return write(call, way, now, arrived);
        });
    }

    private static boolean isFenced(Throwable error) {
        return error instanceof DatabaseFailure failure && failure.code().equals(FENCED);
    }

    /** Answered only when no read, through whichever instance, can miss it. A function may write, too. */
    private Future<Outcome> write(Call call, Way way) {
        if (freshness.isSaturated()) {
            return Future.failedFuture(new CallFailure(
                    Code.CF429,
                    "Too many writes are waiting for the shadow.",
                    "The call was not sent to the database.",
                    "Send fewer writes at once, or lower ackTimeout."));
        }
        SentWrite sent = freshness.sending(call, way.route);
        // Composed, so that whatever is thrown ends the write, too.
        Future<Outcome> outcome = Future.<Void>succeededFuture().compose(noted -> ask(call, way));
        if (sent != null) {
            outcome = outcome.onComplete(answer -> sent.ended(answer.cause()));
        }
        // The stage may have changed since the call was routed, and reads follow the new one already.
        return outcome.compose(done -> freshness.acknowledged(call, table.get()).map(done));
    }

    /** What the side says, and how long it took by itself. */
    private Future<Outcome> ask(Call call, Way way) {
        Side side = way.route.answering();
        long asked = System.nanoTime();
        return executor.execute(call, side)
                .onComplete(answer -> way.answer = new SideAnswer(
                        side,
                        System.nanoTime() - asked,
                        answer.succeeded() ? answer.result().rows() : 0,
                        code(answer.cause())));
    }

    private Future<Served> unexpected(Throwable error) {
        boolean ours = !(error instanceof Failure failure) || failure.code().equals(Code.CF500.name());
        if (ours) {
            Throwable cause = error.getCause() == null ? error : error.getCause();
            observer.observe(new Unexpected("call", cause));
        }
        return Future.failedFuture(
                error instanceof Failure
                        ? error
                        : new CallFailure(
                                Code.CF500, "The call failed by a fault of Crossfade itself.", null, null, error));
    }

    private static @Nullable String code(@Nullable Throwable cause) {
        if (cause == null) {
            return null;
        }
        return cause instanceof Failure failure ? failure.code() : Code.CF500.name();
    }

    private void observe(Call call, Way way, @Nullable Throwable cause, long arrived) {
        Route route = way.route;
        String code = code(cause);
        boolean unknown = code != null && UNKNOWN_NAMES.contains(code);
        observer.observe(new CallServed(
                unknown ? "unknown" : call.repository().name(),
                call.operation(),
                route.answering(),
                route.stage(),
                route.reason().label(),
                code,
                System.nanoTime() - arrived,
                way.answer));
    }

    /** The route that a call took last. Calls go one way at a time, so nothing is written twice at once. */
    private static final class Way {
        private volatile Route route;
        private volatile @Nullable SideAnswer answer;

        Way(Route route) {
            this.route = route;
        }
    }
}
