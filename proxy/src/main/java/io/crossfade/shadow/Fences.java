package io.crossfade.shadow;

import io.crossfade.migration.Side;
import io.crossfade.shadow.install.Fence;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The fences on the target, each change in a transaction on a connection of its own. Raising again and lowering wait for
 * each other, so that a fence that is being lowered here is not raised again behind it.
 *
 * <p>Threads: any.
 */
final class Fences {
    private final Vertx vertx;
    private final Sides sides;
    private final Fence fence;
    private Future<Void> last = Future.succeededFuture();

    Fences(Vertx vertx, Sides sides) {
        this.vertx = vertx;
        this.sides = sides;
        this.fence = new Fence(vertx);
    }

    Future<Void> raise(Set<String> members) {
        return inTransaction(connection -> fence.raise(connection, members, Side.LEGACY));
    }

    /**
     * Raises the fence once more.
     *
     * @param members asked when its turn has come; none where the group is not shadowed any more
     * @return how each fence looks, by repository
     */
    Future<Map<String, String>> raiseAgain(Supplier<Set<String>> members) {
        Map<String, String> looks = new ConcurrentHashMap<>();
        return inTurn(() -> {
                    Set<String> names = members.get();
                    return names.isEmpty()
                            ? Future.succeededFuture()
                            : inTransaction(connection -> fence.raise(connection, names, Side.LEGACY)
                                    .compose(raised -> Fence.putCaptureBack(connection, names))
                                    .compose(back -> Fence.looks(connection, names))
                                    .onSuccess(looks::putAll)
                                    .mapEmpty());
                })
                .map(looks);
    }

    Future<Void> lower(Set<String> members) {
        return inTurn(() -> inTransaction(connection -> fence.lower(connection, members)))
                .compose(lowered -> inTransaction(connection -> fence.clear(connection, members)));
    }

    private synchronized Future<Void> inTurn(Supplier<Future<Void>> work) {
        Future<Void> next = last.transform(before -> work.get());
        last = next;
        return next;
    }

    private Future<Void> inTransaction(Function<PgConnection, Future<Void>> work) {
        PgConnectOptions options = new PgConnectOptions(
                        sides.find(Side.TARGET).orElseThrow().settings().connection())
                .addProperty("application_name", "crossfade");
        return PgConnection.connect(vertx, options)
                .compose(connection -> connection
                        .begin()
                        .compose(transaction -> work.apply(connection)
                                .compose(
                                        done -> transaction.commit(),
                                        error -> transaction
                                                .rollback()
                                                .transform(rolledBack -> Future.failedFuture(error))))
                        .eventually(connection::close));
    }
}
