package io.crossfade.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.pgclient.PgConnectOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A wire between the proxy and a database that a test can cut, and can stop from carrying anything. */
public final class TcpRelay implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private final PgConnectOptions database;
    private final int port;
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean silent;
    private volatile boolean cut;

    public TcpRelay(PgConnectOptions database) {
        this.database = database;
        NetServer server = vertx.createNetServer().connectHandler(this::connect);
        this.port = server.listen(0, "127.0.0.1").await().actualPort();
    }

    /** The database as it is reached through this wire. */
    public PgConnectOptions connectOptions() {
        return new PgConnectOptions(database).setHost("127.0.0.1").setPort(port);
    }

    /**
     * Ends every connection, and each new one at once. The port stays taken: on loopback a freed one may go to somebody else,
     * even to a client that keeps trying to reach it.
     */
    public void cut() {
        cut = true;
        sockets.forEach(NetSocket::close);
    }

    /** Ends every connection, and takes new ones all the same. */
    public void sever() {
        sockets.forEach(NetSocket::close);
    }

    /** Takes connections again, at the same address. */
    public void restore() {
        silent = false;
        cut = false;
    }

    /** Carries nothing any more, without telling anybody: what a cut cable does. */
    public void silence() {
        silent = true;
    }

    /** How often something was sent towards the database: once for each round trip. */
    public long sent() {
        return sent.get();
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private void connect(NetSocket near) {
        if (cut) {
            near.close();
            return;
        }
        near.pause();
        sockets.add(near);
        near.closeHandler(closed -> sockets.remove(near));
        client.connect(database.getPort(), database.getHost())
                .onSuccess(far -> {
                    sockets.add(far);
                    join(near, far, sent);
                    join(far, near, new AtomicLong());
                    near.resume();
                    if (cut) {
                        near.close();
                    }
                })
                .onFailure(unreachable -> near.close());
    }

    private void join(NetSocket from, NetSocket to, AtomicLong count) {
        from.handler(bytes -> {
            count.incrementAndGet();
            if (!silent) {
                Future<Void> unused = to.write(bytes);
            }
        });
        from.closeHandler(closed -> {
            sockets.remove(from);
            to.close();
        });
    }
}
