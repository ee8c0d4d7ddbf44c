package io.crossfade.sides;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observer;
import io.crossfade.settings.ComparisonSettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The two databases, or the one while there is only one, and whether each of them answers.
 *
 * <p>Threads: any.
 */
public final class Sides {
    private static final long PROBE_EVERY_MILLIS = 1_000;
    private static final String NOT_PROBED = "not asked yet";

    private final Vertx vertx;
    private final Observer observer;
    private final Map<Side, Database> databases = new EnumMap<>(Side.class);
    /** Connections that only compare; opened by the first who does. */
    private final Map<Side, Database> comparing = new EnumMap<>(Side.class);

    private final Map<Side, String> problems = new ConcurrentHashMap<>();
    private final Set<Side> probing = ConcurrentHashMap.newKeySet();
    private final long timer;

    private Sides(Vertx vertx, Settings settings, Observer observer) {
        this.vertx = vertx;
        this.observer = observer;
        Set<String> searchPath = new LinkedHashSet<>(settings.rest().schemas());
        searchPath.addAll(settings.rest().extraSearchPath());
        List<String> quoted = searchPath.stream().map(Identifiers::quote).toList();
        open(Side.LEGACY, settings.legacy(), quoted);
        if (settings.target() != null) {
            open(Side.TARGET, settings.target(), quoted);
            databases.forEach((side, database) -> comparing.put(
                    side,
                    Database.forComparing(
                            vertx, side, forComparing(database.settings(), settings.comparison()), quoted)));
        }
        this.timer = vertx.setPeriodic(PROBE_EVERY_MILLIS, tick -> probe());
    }

    /** Opens pools towards the configured sides. Connects to none of them yet: a side may be down at start. */
    public static Sides open(Vertx vertx, Settings settings, Observer observer) {
        return new Sides(vertx, settings, observer);
    }

    /** The databases that are configured. */
    public Collection<Database> all() {
        return databases.values();
    }

    /** The database of that side, if one is configured. */
    public Optional<Database> find(Side side) {
        return Optional.ofNullable(databases.get(side));
    }

    /** The connections to that side that only serve to compare, if there are two sides. */
    public Optional<Database> comparing(Side side) {
        return Optional.ofNullable(comparing.get(side));
    }

    /** What keeps the side from answering, or null while it answers. */
    public @Nullable String problem(Side side) {
        return problems.get(side);
    }

    /** Asks every side once whether it answers; completes when all have answered or failed. */
    @CanIgnoreReturnValue
    public Future<Void> probe() {
        return Future.join(databases.values().stream().map(this::probe).toList())
                .otherwiseEmpty()
                .mapEmpty();
    }

    /** Closes every connection. */
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        List<Future<Void>> closing = new ArrayList<>();
        databases.values().forEach(database -> closing.add(database.close()));
        comparing.values().forEach(database -> closing.add(database.close()));
        return Future.join(closing).mapEmpty();
    }

    /** Few connections, and nobody waits longer for one than the whole read may take. */
    private static SideSettings forComparing(SideSettings side, ComparisonSettings comparison) {
        return new SideSettings(
                side.connection(),
                comparison.poolSize(),
                side.maxWaiting(),
                comparison.timeout(),
                comparison.timeout(),
                side.maxLifetime(),
                side.preparedStatements());
    }

    private void open(Side side, SideSettings settings, List<String> searchPath) {
        databases.put(side, new Database(vertx, side, settings, searchPath));
        problems.put(side, NOT_PROBED);
    }

    /** A side whose connections are all in use is up, and has no connection to spare for saying so. */
    private static boolean isBusy(Throwable error) {
        return error instanceof CallFailure failure
                && (failure.kind() == Code.PGRST003 || failure.kind() == Code.CF429);
    }

    private Future<Void> probe(Database database) {
        Side side = database.side();
        if (!probing.add(side)) {
            return Future.succeededFuture();
        }
        return database.ping().onComplete(answer -> {
            probing.remove(side);
            if (answer.succeeded() || isBusy(answer.cause())) {
                if (problems.remove(side) != null) {
                    observer.observe(new Observation.SideHealth(side, true, null));
                }
            } else {
                String problem = String.valueOf(answer.cause().getMessage());
                String before = problems.put(side, problem);
                if (before == null || before.equals(NOT_PROBED)) {
                    observer.observe(new Observation.SideHealth(side, false, problem));
                }
            }
        });
    }
}
