package io.crossfade.catalog;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observer;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The present catalogue of each side. Read at start, again whenever the database sends {@code NOTIFY pgrst, 'reload
 * schema'} (as Supabase does after every change of a schema), and on demand. While a new one is being read, or cannot be,
 * the one before stays in use.
 *
 * <p>Threads: any; {@link #of} is one volatile read.
 */
public final class Catalogs {
    /** The channel and payload of PostgREST ("Schema Cache Reloading"), so that existing triggers and habits work. */
    private static final String CHANNEL = "pgrst";

    private static final long RECONNECT_MILLIS = 500;
    private static final long RETRY_MILLIS = 1_000;
    private static final long SUSPECT_EVERY_NANOS = 5_000_000_000L;

    private final Vertx vertx;
    private final List<String> schemas;
    private final Observer observer;
    private final Map<Side, Catalog> catalogs = new ConcurrentHashMap<>();
    private final Map<Side, Future<Void>> reading = new EnumMap<>(Side.class);
    private final Map<Side, Future<Void>> following = new EnumMap<>(Side.class);
    private final Map<Side, Long> suspected = new ConcurrentHashMap<>();
    private final Set<Side> failing = ConcurrentHashMap.newKeySet();
    private final List<PgSubscriber> subscribers = new ArrayList<>();
    private volatile boolean closed;

    private Catalogs(Vertx vertx, List<String> schemas, Observer observer) {
        this.vertx = vertx;
        this.schemas = schemas;
        this.observer = observer;
    }

    /**
     * Begins to read and to listen on every side.
     *
     * @return completes when each side was tried once; a side that is down is tried again until it answers
     */
    public static Future<Catalogs> open(Vertx vertx, Sides sides, List<String> schemas, Observer observer) {
        Catalogs catalogs = new Catalogs(vertx, schemas, observer);
        List<Future<Void>> tried = new ArrayList<>();
        for (Database database : sides.all()) {
            catalogs.listen(database);
            tried.add(catalogs.refresh(database));
        }
        return Future.join(tried).otherwiseEmpty().map(catalogs);
    }

    /** The catalogue of that side, or null while none could be read. */
    public @Nullable Catalog find(Side side) {
        return catalogs.get(side);
    }

    /**
     * The catalogue of that side.
     *
     * @throws CallFailure PGRST002 while none could be read
     */
    public Catalog of(Side side) {
        Catalog catalog = catalogs.get(side);
        if (catalog == null) {
            throw new CallFailure(
                    Code.PGRST002, "Could not query the database for the schema cache. Retrying.", null, null);
        }
        return catalog;
    }

    /**
     * Reads the catalogue of one side anew. While it is being read, further requests share one more reading after it: the
     * one under way may have looked before the change that they know of.
     */
    public synchronized Future<Void> refresh(Database database) {
        Side side = database.side();
        Future<Void> running = reading.get(side);
        if (running != null && !running.isComplete()) {
            return following.computeIfAbsent(side, first -> after(running, database));
        }
        Future<Void> read = read(database);
        reading.put(side, read);
        return read;
    }

    private Future<Void> after(Future<Void> running, Database database) {
        Promise<Void> read = Promise.promise();
        // Not under the lock of the request: it may be over by now.
        vertx.runOnContext(
                later -> running.onComplete(done -> refreshAgain(database).onComplete(read)));
        return read.future();
    }

    private synchronized Future<Void> refreshAgain(Database database) {
        following.remove(database.side());
        return refresh(database);
    }

    private Future<Void> read(Database database) {
        Side side = database.side();
        long started = System.nanoTime();
        return CatalogReader.read(database, schemas)
                .onSuccess(catalog -> {
                    catalogs.put(side, catalog);
                    failing.remove(side);
                    observer.observe(new Observation.CatalogRead(
                            side, catalog.relationCount(), catalog.functionCount(), System.nanoTime() - started));
                })
                .onFailure(error -> {
                    if (!closed && failing.add(side)) {
                        observer.observe(new Observation.CatalogFailed(side, String.valueOf(error.getMessage())));
                    }
                    retryLater(database);
                })
                .mapEmpty();
    }

    /**
     * Reads the catalogue of one side anew because a call suggests that it is out of date; at most once in a few seconds,
     * however many calls suggest it.
     */
    public void suspect(Database database) {
        long now = System.nanoTime();
        Long last = suspected.get(database.side());
        if (last == null || now - last > SUSPECT_EVERY_NANOS) {
            suspected.put(database.side(), now);
            refreshQuietly(database);
        }
    }

    /** Stops listening. */
    public Future<Void> close() {
        closed = true;
        return Future.join(subscribers.stream().map(PgSubscriber::close).toList())
                .mapEmpty();
    }

    private void retryLater(Database database) {
        if (!closed) {
            vertx.setTimer(RETRY_MILLIS, tick -> {
                if (!closed && failing.contains(database.side())) {
                    refreshQuietly(database);
                }
            });
        }
    }

    private void listen(Database database) {
        PgConnectOptions options =
                new PgConnectOptions(database.settings().connection()).addProperty("application_name", "crossfade");
        PgSubscriber subscriber =
                PgSubscriber.subscriber(vertx, options).reconnectPolicy(retries -> closed ? -1L : RECONNECT_MILLIS);
        var unusedChannel = subscriber
                .channel(CHANNEL)
                // What was notified while the connection was away is lost, so every new connection reads anew.
                .subscribeHandler(subscribed -> refreshQuietly(database))
                .handler(payload -> {
                    if (payload.isEmpty() || payload.equals("reload schema")) {
                        refreshQuietly(database);
                    }
                });
        subscribers.add(subscriber);
        // A failure here is retried by the policy; the health of the side is reported by its probe.
        var unused = subscriber.connect();
    }

    private void refreshQuietly(Database database) {
        // The outcome is observed inside; nobody waits for it here.
        var unused = refresh(database);
    }
}
