package io.crossfade.bench;

import io.crossfade.demo.BotReply;
import io.crossfade.demo.SupabaseClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Sends the bot's request over kept-alive HTTP, with all of the bot's headers. */
final class ThroughProxy implements Contender {
    private final SupabaseClient client;

    ThroughProxy(Vertx vertx, int port, String key, int connections) {
        this.client = new SupabaseClient(vertx, port, key, connections);
    }

    @Override
    public Future<Void> call(BenchCase measured, int worker, int turn) {
        return client.send(measured.request(worker, turn)).compose(ThroughProxy::expectSuccess);
    }

    private static Future<Void> expectSuccess(BotReply reply) {
        return reply.status() < 300
                ? Future.succeededFuture()
                : Future.failedFuture("status " + reply.status() + " " + reply.body());
    }

    Future<Void> close() {
        return client.close();
    }
}
