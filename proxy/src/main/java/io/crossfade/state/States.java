package io.crossfade.state;

import io.crossfade.migration.Side;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.state.StateRows.SideView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the two sides say of every group, kept up to date: at once when a side tells of a change, and each second in case
 * it could not.
 *
 * <p>Threads: any; {@link #current} is one volatile read. Listeners are told on the thread that brought the
 * news, without a lock, so they look at {@link #current} themselves.
 */
public final class States {
    private static final long POLL_MILLIS = 1_000;
    private static final long RECONNECT_MILLIS = 500;

    private final Vertx vertx;
    private final Sides sides;
    private final Map<Side, SideView> known = new EnumMap<>(Side.class);
    private final Map<Side, Long> told = new EnumMap<>(Side.class);
    private final Looks looks;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Database>> lookers = new CopyOnWriteArrayList<>();
    private final List<PgSubscriber> subscribers = new ArrayList<>();
    private final long timer;
    private volatile Map<String, BothRows> current = Map.of();
    private volatile boolean closed;

    private States(Vertx vertx, Sides sides) {
        this.vertx = vertx;
        this.sides = sides;
        this.looks = new Looks(vertx);
        sides.all().forEach(this::listen);
        this.timer = vertx.setPeriodic(POLL_MILLIS, tick -> lookQuietly());
    }

    /** Begins to look, without waiting for an answer. */
    public static States open(Vertx vertx, Sides sides) {
        return new States(vertx, sides);
    }

    /** What is known of every group, by name. */
    public Map<String, BothRows> current() {
        return current;
    }

    /** What is known of one group; null where no side knows it. */
    public @Nullable BothRows of(String group) {
        return current.get(group);
    }

    /** Has {@code listener} run after every change of what is known. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Has {@code looker} look at a side, too, each second and whenever something was told on the channel there. */
    public void onLook(Consumer<Database> looker) {
        lookers.add(looker);
    }

    /**
     * Looks at every side.
     *
     * @return completes when all have answered or failed, and the listeners were told; what had committed before this call
     *     is known then, of the sides that answered
     */
    public Future<Void> look() {
        return Future.join(sides.all().stream().map(this::look).toList())
                .otherwiseEmpty()
                .mapEmpty();
    }

    /** Looks at one side; fails where it does not answer. */
    public Future<Void> look(Side side) {
        return look(sides.find(side).orElseThrow());
    }

    /** Looks at one side; fails where it does not answer. One look after the one under way serves all who ask meanwhile. */
    public Future<Void> look(Database database) {
        return looks.at(database.side(), () -> read(database));
    }

    private Future<Void> read(Database database) {
        long before = told(database.side());
        return StateRows.read((sql, values) -> database.run(sql, values, true))
                .compose(seen -> learn(database.side(), seen, before) ? Future.succeededFuture() : read(database));
    }

    private synchronized long told(Side side) {
        return told.getOrDefault(side, 0L);
    }

    /**
     * Takes in what a side has just committed of one group, without asking it. A look that is under way may have been answered
     * before that, so it is made anew.
     */
    public void knows(Side side, GroupState committed) {
        boolean news = false;
        synchronized (this) {
            SideView view = known.getOrDefault(side, new SideView(Map.of(), Map.of()));
            GroupState seen = view.states().get(committed.group());
            told.merge(side, 1L, Long::sum);
            // Whoever has changed it since may have been seen already.
            if (seen == null || seen.epoch() < committed.epoch()) {
                Map<String, GroupState> states = new HashMap<>(view.states());
                states.put(committed.group(), committed);
                news = isNews(side, new SideView(states, view.members()));
            }
        }
        tell(news);
    }

    /** Takes in what a side was seen to hold; false where more has been learnt of it since it was asked. */
    private boolean learn(Side side, SideView seen, long toldBefore) {
        boolean news;
        synchronized (this) {
            if (toldBefore != told(side)) {
                return false;
            }
            news = isNews(side, seen);
        }
        tell(news);
        return true;
    }

    /** Without the lock, because listeners have locks of their own that others hold while they ask for a look. */
    private void tell(boolean news) {
        if (news) {
            listeners.forEach(Runnable::run);
        }
    }

    private synchronized boolean isNews(Side side, SideView seen) {
        known.put(side, seen);
        Map<String, BothRows> next = new HashMap<>();
        for (String group : groups()) {
            Map<Side, GroupState> rows = new EnumMap<>(Side.class);
            Set<String> members = new TreeSet<>();
            known.forEach((where, view) -> {
                GroupState row = view.states().get(group);
                if (row != null) {
                    rows.put(where, row);
                }
                members.addAll(view.members().getOrDefault(group, Set.of()));
            });
            next.put(group, new BothRows(group, rows, members));
        }
        if (next.equals(current)) {
            return false;
        }
        current = Map.copyOf(next);
        return true;
    }

    private Set<String> groups() {
        Set<String> groups = new HashSet<>();
        for (SideView view : known.values()) {
            groups.addAll(view.states().keySet());
            groups.addAll(view.members().keySet());
        }
        return groups;
    }

    /** Stops looking. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        return Future.join(subscribers.stream().map(PgSubscriber::close).toList())
                .mapEmpty();
    }

    private void listen(Database database) {
        PgConnectOptions options =
                new PgConnectOptions(database.settings().connection()).addProperty("application_name", "crossfade");
        PgSubscriber subscriber =
                PgSubscriber.subscriber(vertx, options).reconnectPolicy(retries -> closed ? -1L : RECONNECT_MILLIS);
        var unusedChannel = subscriber
                .channel(StateRows.CHANNEL)
                // What was told while the connection was away is lost.
                .subscribeHandler(subscribed -> lookQuietly(database))
                .handler(group -> lookQuietly(database));
        subscribers.add(subscriber);
        // A failure here is retried by the policy; the health of the side is reported by its probe.
        var unused = subscriber.connect();
    }

    private void lookQuietly() {
        sides.all().forEach(this::lookQuietly);
    }

    private void lookQuietly(Database database) {
        // A side that does not answer is reported by its probe, and looked at again in a second.
        var unused = look(database);
        lookers.forEach(looker -> looker.accept(database));
    }
}
