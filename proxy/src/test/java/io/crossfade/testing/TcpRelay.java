package io.crossfade.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.pgclient.PgConnectOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A wire between the proxy and a database that a test can cut, hold up, and stop from carrying anything. */
public final class TcpRelay implements AutoCloseable {
    /** Which way bytes go. */
    public enum Direction {
        TO_DATABASE,
        FROM_DATABASE
    }

    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Held> held = new ArrayList<>();
    private final PgConnectOptions database;
    private final int port;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private volatile boolean silent;
    private volatile boolean holding;
    private volatile long delayMillis;
    private volatile boolean garbling;
    private volatile boolean cut;
    private @Nullable Fuse fuse;
    private @Nullable Trap trap;

    public TcpRelay(PgConnectOptions database) {
        this.database = database;
        NetServer server = vertx.createNetServer().connectHandler(this::connect);
        this.port = server.listen(0, "127.0.0.1").await().actualPort();
    }

    /** The database as it is reached through this wire. */
    public PgConnectOptions connectOptions() {
        return new PgConnectOptions(database).setHost("127.0.0.1").setPort(port);
    }

    /** The port of this end of the wire. */
    public int port() {
        return port;
    }

    /**
     * Ends every connection, and each new one at once. The port stays taken: on loopback a freed one may go to somebody else,
     * even to a client that keeps trying to reach it.
     */
    public void cut() {
        cut = true;
        sever();
    }

    /** Ends every connection, and takes new ones all the same. */
    public void sever() {
        synchronized (this) {
            held.clear();
        }
        sockets.forEach(NetSocket::close);
    }

    /** Lets this many more bytes pass in one direction, and then ends every connection; new ones are taken all the same. */
    public synchronized void severAfter(Direction direction, long bytes) {
        fuse = new Fuse(direction, bytes);
    }

    /** Whether what {@link #severAfter} was told has happened. */
    public synchronized boolean isWhole() {
        return fuse == null;
    }

    /** Takes connections again, at the same address; what was held up is carried on. */
    public void restore() {
        silent = false;
        cut = false;
        release();
    }

    /** Carries nothing any more, without telling anybody: what a cut cable does. */
    public void silence() {
        silent = true;
    }

    /** Carries what the database says this much later, in its order. */
    public void delay(Duration time) {
        delayMillis = time.toMillis();
    }

    /** Makes nonsense of whatever comes from the database. */
    public void garble() {
        garbling = true;
    }

    /** Whether it carries nothing. */
    public boolean isSilent() {
        return silent;
    }

    /** Keeps what is sent towards the database, until {@link #release}. */
    public void hold() {
        holding = true;
    }

    /** Carries on what was held up, where the connection is still there. */
    public synchronized void release() {
        holding = false;
        held.forEach(Held::send);
        held.clear();
    }

    /** Whether something waits in this wire. */
    public synchronized boolean isHolding() {
        return !held.isEmpty();
    }

    /** Does something once, before bytes with this text in them are passed on. */
    public synchronized void whenSeen(Direction direction, String text, Runnable action) {
        trap = new Trap(direction, null, text, new HashSet<>(), action);
    }

    /** The same, on a connection that has carried another text in that direction before. */
    public synchronized void whenSeenAfter(Direction direction, String before, String text, Runnable action) {
        trap = new Trap(direction, before, text, new HashSet<>(), action);
    }

    /** Whether what {@link #whenSeen} waits for has come. */
    public synchronized boolean isSeen() {
        return trap == null;
    }

    /** How often something was sent towards the database: once for each round trip. */
    public long sent() {
        return sent.get();
    }

    /** How often something came from the database. */
    public long received() {
        return received.get();
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
                    join(near, far, Direction.TO_DATABASE);
                    join(far, near, Direction.FROM_DATABASE);
                    near.resume();
                    if (cut) {
                        near.close();
                    }
                })
                .onFailure(unreachable -> near.close());
    }

    private void join(NetSocket from, NetSocket to, Direction direction) {
        from.handler(bytes -> carry(direction, bytes, to));
        from.closeHandler(closed -> {
            sockets.remove(from);
            to.close();
        });
    }

    private synchronized void carry(Direction direction, Buffer bytes, NetSocket to) {
        (direction == Direction.TO_DATABASE ? sent : received).incrementAndGet();
        if (silent) {
            return;
        }
        if (garbling && direction == Direction.FROM_DATABASE) {
            write(to, nonsense(bytes));
            return;
        }
        if (delayMillis > 0 && direction == Direction.FROM_DATABASE) {
            vertx.setTimer(delayMillis, late -> write(to, bytes));
            return;
        }
        Trap set = trap;
        if (set != null && set.catches(direction, bytes, to)) {
            trap = null;
            set.action().run();
        }
        if (holding && direction == Direction.TO_DATABASE) {
            held.add(new Held(to, bytes));
            return;
        }
        Fuse lit = fuse;
        if (lit == null || lit.direction() != direction) {
            write(to, bytes);
        } else if (bytes.length() < lit.bytes()) {
            fuse = new Fuse(direction, lit.bytes() - bytes.length());
            write(to, bytes);
        } else {
            fuse = null;
            to.write(bytes.slice(0, (int) lit.bytes())).onComplete(written -> sever());
        }
    }

    private static Buffer nonsense(Buffer bytes) {
        Buffer nonsense = Buffer.buffer();
        for (int i = 0; i < bytes.length(); i++) {
            nonsense.appendByte((byte) (bytes.getByte(i) ^ 0x55));
        }
        return nonsense;
    }

    private static void write(NetSocket to, Buffer bytes) {
        Future<Void> unused = to.write(bytes);
    }

    private record Held(NetSocket to, Buffer bytes) {
        void send() {
            write(to, bytes);
        }
    }

    private record Fuse(Direction direction, long bytes) {}

    private record Trap(
            Direction direction, @Nullable String before, String text, Set<NetSocket> armed, Runnable action) {
        boolean catches(Direction way, Buffer bytes, NetSocket to) {
            if (way != direction) {
                return false;
            }
            String seen = bytes.toString(StandardCharsets.ISO_8859_1.name());
            if (before == null || armed.contains(to)) {
                return seen.contains(text);
            }
            if (seen.contains(before)) {
                armed.add(to);
            }
            return false;
        }
    }
}
