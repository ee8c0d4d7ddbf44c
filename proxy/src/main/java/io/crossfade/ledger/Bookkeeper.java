package io.crossfade.ledger;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.ledger.Ledger.Batch;
import io.crossfade.migration.Side;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Brings ledgers to the databases every few seconds, and reads them back with what other proxies have counted. A side that
 * is down or still owes an answer is left alone until later; nothing waits for any of it. A process that is killed loses
 * what it has counted since the last time, one that stops writes it down first, for two seconds at most.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class Bookkeeper {
    private static final Duration BETWEEN_PRUNES = Duration.ofHours(1);
    private static final Duration NOT_INSTALLED_PAUSE = Duration.ofMinutes(1);
    private static final Set<String> NOT_INSTALLED = Set.of("42P01", "3F000");
    private static final long LEAVE_MILLIS = 2_000;
    private static final long READ_SECONDS = 20;

    private final Vertx vertx;
    private final Sides sides;
    private final List<Ledger<?>> ledgers;
    private final Map<Side, Future<Void>> writing = new EnumMap<>(Side.class);
    private final Map<Side, Long> pausedUntil = new EnumMap<>(Side.class);
    private final Map<String, Long> prunedAt = new HashMap<>();
    private final long timer;

    private Bookkeeper(Vertx vertx, Sides sides, List<Ledger<?>> ledgers, Duration every) {
        this.vertx = vertx;
        this.sides = sides;
        this.ledgers = List.copyOf(ledgers);
        this.timer = vertx.setPeriodic(every.toMillis(), tick -> {
            var unused = write();
        });
    }

    /** Begins to write down. */
    public static Bookkeeper open(Vertx vertx, Sides sides, List<Ledger<?>> ledgers, Duration every) {
        return new Bookkeeper(vertx, sides, ledgers, every);
    }

    /** Brings everything to each side that answers; never fails. */
    public synchronized Future<Void> write() {
        long now = System.nanoTime();
        for (Database database : sides.all()) {
            Side side = database.side();
            Future<Void> before = writing.get(side);
            Long paused = pausedUntil.get(side);
            if ((before == null || before.isComplete())
                    && sides.problem(side) == null
                    && (paused == null || now - paused >= 0)) {
                writing.put(side, write(database));
            }
        }
        return Future.join(new ArrayList<>(writing.values())).otherwiseEmpty().mapEmpty();
    }

    /** Writes down what is left, for two seconds at most. */
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        return running()
                .compose(ended -> write())
                .timeout(LEAVE_MILLIS, TimeUnit.MILLISECONDS)
                .otherwiseEmpty();
    }

    /** What all proxies have counted, as far as a side or the memory of this one knows it; never fails. */
    public Future<Known> read(Ledger<?> ledger, Duration since) {
        Map<Side, Future<List<Line>>> asked = new EnumMap<>(Side.class);
        var from = ledger.periodOf(Instant.now().minus(since));
        for (Database database : sides.all()) {
            asked.put(database.side(), read(database, ledger.book(), from));
        }
        return Future.join(new ArrayList<>(asked.values()))
                .transform(answered -> vertx.executeBlocking(() -> {
                    Map<List<Object>, Line> lines = new HashMap<>();
                    List<Side> silent = new ArrayList<>();
                    asked.forEach((side, answer) -> {
                        if (answer.succeeded()) {
                            answer.result().forEach(line -> add(lines, line));
                        } else {
                            silent.add(side);
                        }
                    });
                    ledger.lines(from).forEach(line -> add(lines, line));
                    return new Known(List.copyOf(lines.values()), silent);
                }));
    }

    private synchronized Future<Void> running() {
        return Future.join(new ArrayList<>(writing.values())).otherwiseEmpty().mapEmpty();
    }

    private Future<Void> write(Database side) {
        Future<Void> written = Future.succeededFuture();
        for (Ledger<?> ledger : ledgers) {
            written = written.compose(before -> write(side, ledger)).compose(before -> prune(side, ledger));
        }
        return written.onFailure(error -> pause(side.side(), error)).otherwiseEmpty();
    }

    /** Until nothing is left: a side that was away has much to catch up. Callers wait for this thread, so it is not used for it. */
    private Future<Void> write(Database side, Ledger<?> ledger) {
        return vertx.executeBlocking(() -> ledger.unwritten(side.side())).compose(batch -> write(side, ledger, batch));
    }

    private Future<Void> write(Database side, Ledger<?> ledger, Batch batch) {
        return batch.isEmpty()
                ? Future.succeededFuture()
                : TallyRows.write(side, ledger.book(), ledger.instance(), batch.json())
                        .onSuccess(written -> ledger.wrote(side.side(), batch))
                        .compose(written -> batch.isPart() ? write(side, ledger) : Future.succeededFuture());
    }

    private Future<Void> prune(Database side, Ledger<?> ledger) {
        String what = side.side() + " " + ledger.book().name();
        synchronized (this) {
            Long before = prunedAt.get(what);
            if (before != null && System.nanoTime() - before < BETWEEN_PRUNES.toNanos()) {
                return Future.succeededFuture();
            }
            prunedAt.put(what, System.nanoTime());
        }
        return TallyRows.prune(side, ledger.book(), ledger.oldest());
    }

    private synchronized void pause(Side side, Throwable error) {
        if (error instanceof DatabaseFailure said && NOT_INSTALLED.contains(said.code())) {
            pausedUntil.put(side, System.nanoTime() + NOT_INSTALLED_PAUSE.toNanos());
        }
    }

    private Future<List<Line>> read(Database side, Book book, Instant since) {
        if (sides.problem(side.side()) != null) {
            return Future.failedFuture("the side is down");
        }
        return TallyRows.read(side, book, since)
                .timeout(READ_SECONDS, TimeUnit.SECONDS)
                .compose(rows -> vertx.executeBlocking(() -> TallyRows.lines(rows)))
                .recover(error -> error instanceof DatabaseFailure said && NOT_INSTALLED.contains(said.code())
                        ? Future.succeededFuture(List.of())
                        : Future.failedFuture(error));
    }

    /** Both sides hold every entry, and one of them may lack the last of it. */
    private static void add(Map<List<Object>, Line> lines, Line line) {
        lines.merge(List.of(line.instance(), line.period(), line.key()), line, Line::heavier);
    }

    /**
     * What is known.
     *
     * @param silent the sides that did not answer; numbers of other proxies may be missing where both are
     */
    public record Known(List<Line> lines, List<Side> silent) {
        public Known {
            lines = List.copyOf(lines);
            silent = List.copyOf(silent);
        }
    }
}
