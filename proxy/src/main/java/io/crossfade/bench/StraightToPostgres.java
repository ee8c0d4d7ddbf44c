package io.crossfade.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;

/** Sends the statement itself, prepared once on each connection: the least that a call can cost here. */
final class StraightToPostgres implements Contender {
    private final Pool pool;

    StraightToPostgres(Vertx vertx, PgConnectOptions database, int connections) {
        this.pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(connections))
                .connectingTo(new PgConnectOptions(database).setCachePreparedStatements(true))
                .using(vertx)
                .build();
    }

    @Override
    public Future<Void> call(BenchCase measured, int worker, int turn) {
        return pool.preparedQuery(measured.sql())
                .execute(measured.parameters(worker, turn))
                .mapEmpty();
    }

    Future<Void> close() {
        return pool.close();
    }
}
