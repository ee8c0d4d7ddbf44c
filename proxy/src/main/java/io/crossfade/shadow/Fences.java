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
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The fences on the target, each change in a transaction on a connection of its own. Each waits for
 * the one before it, so that a fence that is being lowered here is not raised again behind it, nor the other way round.
 *
 * <p>Threads: any.
 */
final class Fences {
    private static final long PATIENCE_SECONDS = 30;

    private final Vertx vertx;
    private final Sides sides;
    private final Fence fence;
    private Future<Void> last = Future.succeededFuture();

    Fences(Vertx vertx, Sides sides) {
        this.vertx = vertx;
        this.sides = sides;
        this.fence = new Fence(vertx);
    }

    /**
     * Raises the fence.
     *
     * @param kept asked once it stands, before anybody else's turn; where it is false the fence comes down again
     */
    Future<Void> raise(Set<String> members, BooleanSupplier kept) {
        return inTurn(() -> inTransaction(connection -> fence.raise(connection, members, Side.LEGACY))
                .compose(raised -> kept.getAsBoolean()
                        ? Future.succeededFuture()
                        : inTransaction(connection -> fence.lower(connection, members))));
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

    /**
     * Lowers the fence.
     *
     * @param members asked when its turn has come; none where the group is shadowed again
     */
    Future<Void> lower(Supplier<Set<String>> members) {
        return inTurn(() -> {
            Set<String> names = members.get();
            return names.isEmpty()
                    ? Future.succeededFuture()
                    : inTransaction(connection -> fence.lower(connection, names));
        });
    }

    /** Takes lowered fences away; as {@link #lower}. */
    Future<Void> clear(Supplier<Set<String>> members) {
        return inTurn(() -> {
            Set<String> names = members.get();
            return names.isEmpty() ? Future.succeededFuture() : connected(connection -> fence.clear(connection, names));
        });
    }

    private synchronized Future<Void> inTurn(Supplier<Future<Void>> work) {
        Future<Void> next = last.transform(before -> work.get());
        last = next;
        return next;
    }

    private Future<Void> inTransaction(Function<PgConnection, Future<Void>> work) {
        return connected(connection -> connection
                .begin()
                .compose(transaction -> work.apply(connection)
                        .compose(
                                done -> transaction.commit(),
                                error -> transaction.rollback().transform(rolledBack -> Future.failedFuture(error)))));
    }

    private Future<Void> connected(Function<PgConnection, Future<Void>> work) {
        PgConnectOptions options = new PgConnectOptions(
                        sides.find(Side.TARGET).orElseThrow().settings().connection())
                .addProperty("application_name", "crossfade");
        return PgConnection.connect(vertx, options)
                .compose(connection -> work.apply(connection)
                        // Others wait for their turn behind a database that stays silent.
                        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .eventually(() -> connection.close().timeout(1, TimeUnit.SECONDS)));
    }
}
