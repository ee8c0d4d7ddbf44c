package io.crossfade.execution;

import io.crossfade.call.Call;
import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.Failure;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
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

    private final Supplier<RouteTable> table;
    private final Executor executor;
    private final Observer observer;

    /** @param table gives the table of the moment; read once for each call */
    public CallServer(Supplier<RouteTable> table, Executor executor, Observer observer) {
        this.table = table;
        this.executor = executor;
        this.observer = observer;
    }

    /** What the side that the route names says to the call; fails with a {@link Failure} only. */
    public Future<Served> serve(Call call) {
        long arrived = System.nanoTime();
        Route route = Router.route(call, table.get());
        return executor.execute(call, route.answering())
                .map(outcome -> new Served(outcome, route))
                .recover(this::unexpected)
                .onComplete(answer -> observe(call, route, answer.cause(), arrived));
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

    private void observe(Call call, Route route, @Nullable Throwable cause, long arrived) {
        String code = cause instanceof Failure failure ? failure.code() : null;
        boolean unknown = code != null && UNKNOWN_NAMES.contains(code);
        observer.observe(new CallServed(
                unknown ? "unknown" : call.repository().name(),
                call.operation(),
                route.answering(),
                route.stage(),
                route.reason().label(),
                code,
                System.nanoTime() - arrived));
    }
}
