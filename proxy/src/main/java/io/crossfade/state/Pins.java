package io.crossfade.state;

import io.crossfade.migration.Side;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.state.StateRows.Statements;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The routing keys that operators have sent to one side, which every proxy between the two databases follows. Both databases
 * keep them: a decision needs one that answers, and the other is brought along when it does.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class Pins {
    /** So that nobody's script fills the memory of every proxy. */
    public static final int MOST = 10_000;

    private static final long PATIENCE_SECONDS = 3;

    private final Sides sides;
    private final Looks looks;
    private final Map<Side, Map<String, Pin>> known = new EnumMap<>(Side.class);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, Pin> current = Map.of();

    /** Looks whenever {@code states} does. */
    public Pins(Vertx vertx, Sides sides, States states) {
        this.sides = sides;
        this.looks = new Looks(vertx);
        states.onLook(this::lookQuietly);
        sides.all().forEach(this::lookQuietly);
    }

    /** Every key that was decided about, also those that were let go again. */
    public Map<String, Pin> current() {
        return current;
    }

    /** The side of each of these keys; empty where the key was let go again. */
    public Map<String, Optional<Side>> sidesByKey() {
        Map<String, Optional<Side>> byKey = new HashMap<>();
        current.forEach((key, pin) -> byKey.put(key, Optional.ofNullable(pin.side())));
        return byKey;
    }

    /** Has {@code listener} run after every change of what is known. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * Decides about a key.
     *
     * @param side where its reads are to go; null to let it go
     * @return what holds on this instance afterwards, which may be somebody else's decision of the same moment; fails where no
     *     side could store it
     */
    public Future<Pin> decide(String key, @Nullable Side side, String operator) {
        return look().compose(looked -> {
            Pin before = current.get(key);
            Pin next = new Pin(
                    key, side, before == null ? 1 : before.version() + 1, operator, OffsetDateTime.now(ZoneOffset.UTC));
            List<Future<Void>> written = sides.all().stream()
                    .map(database ->
                            PinRows.write(on(database), List.of(next)).timeout(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .toList();
            return Future.join(written)
                    .recover(error -> written.stream().anyMatch(Future::succeeded)
                            ? Future.succeededFuture()
                            : Future.failedFuture(error))
                    .compose(stored -> look())
                    .map(seen -> {
                        Pin holds = current.get(key);
                        return holds == null ? next : holds;
                    });
        });
    }

    /** What stands for a key where it must not be seen. Fails where no side answers. */
    public Future<String> mask(String key) {
        Future<String> masked = Future.failedFuture("no side answers");
        for (Database database : sides.all()) {
            masked = masked.recover(
                    silent -> PinRows.mask(on(database), key).timeout(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        return masked;
    }

    /** Looks at both sides; never fails. */
    private Future<Void> look() {
        return Future.join(sides.all().stream().map(this::look).toList())
                .otherwiseEmpty()
                .mapEmpty();
    }

    private void lookQuietly(Database database) {
        // A side that does not answer is reported by its probe, and looked at again in a second.
        var unused = look(database);
    }

    private Future<Void> look(Database database) {
        return looks.at(
                database.side(),
                () -> PinRows.read((sql, values) -> database.run(sql, values, true))
                        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .compose(pins -> {
                            learn(database, pins);
                            return bringAlong(database, pins);
                        }));
    }

    private synchronized void learn(Database database, Map<String, Pin> pins) {
        known.put(database.side(), pins);
        Map<String, Pin> holding = new HashMap<>();
        known.values().forEach(some -> some.forEach((key, pin) -> holding.merge(key, pin, Pins::later)));
        if (!holding.equals(current)) {
            current = Map.copyOf(holding);
            listeners.forEach(Runnable::run);
        }
    }

    /**
     * A side that was away when something was decided gets it now that it answers, all at once; what fails is tried with the
     * next look.
     */
    private Future<Void> bringAlong(Database database, Map<String, Pin> its) {
        List<Pin> missing = current.values().stream()
                .filter(pin -> pin.isAfter(its.get(pin.key())))
                .toList();
        return missing.isEmpty()
                ? Future.succeededFuture()
                : PinRows.write(on(database), missing)
                        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .otherwiseEmpty();
    }

    private static Pin later(Pin one, Pin other) {
        return other.isAfter(one) ? other : one;
    }

    private static Statements on(Database database) {
        return (sql, values) -> database.run(sql, values, false);
    }
}
