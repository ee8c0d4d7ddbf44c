package io.crossfade.cutover;

import io.crossfade.migration.Side;
import io.crossfade.shadow.Shadowing;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits until the other side has everything that one side holds of a group, whichever instance replays it. */
final class Drain {
    private static final String ENTRIES = """
            SELECT count(*) FROM (SELECT FROM crossfade.journal AS j JOIN crossfade.repository AS r ON r.id = j.repository
              WHERE r.group_name = $1 LIMIT 10000) AS counted""";

    private static final String LETTERS =
            "SELECT count(*) FROM crossfade.dead_letter WHERE repository = ANY ($1::text[])";

    private static final String EMPTY = """
            SELECT NOT EXISTS (SELECT FROM crossfade.journal AS j JOIN crossfade.repository AS r ON r.id = j.repository
              WHERE r.group_name = $1)""";

    private static final long AGAIN_MILLIS = 20;
    private static final long SOON_MILLIS = 2;

    private final Vertx vertx;
    private final Sides sides;
    private final Shadowing shadowing;

    Drain(Vertx vertx, Sides sides, Shadowing shadowing) {
        this.vertx = vertx;
        this.sides = sides;
        this.shadowing = shadowing;
    }

    /** Why the other side may lack writes that were never captured, so that no replay brings them; null where it does not. */
    @Nullable
    String gap(String group) {
        return shadowing.red(group);
    }

    /**
     * Completes when everything that had committed before this call was replayed. A replay that has only to begin yet, as
     * after a move, is waited for, too.
     */
    Future<Void> caughtUp(String group, Side from, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        return caughtUp(group, deadline)
                .recover(error -> left(group, from)
                        .compose(entries -> Future.failedFuture(new CutoverException("The "
                                + from.other().label() + " database did not catch up within " + limit.toMillis()
                                + " ms: " + entries + (entries == 10_000 ? " or more" : "")
                                + " journal entries are left. './crossfade status' says what keeps it."))));
    }

    private Future<Void> caughtUp(String group, long deadlineNanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (millis <= 0) {
            return Future.failedFuture("too late");
        }
        return shadowing
                .caughtUp(group)
                .timeout(millis, TimeUnit.MILLISECONDS)
                .recover(error -> error instanceof TimeoutException
                        ? Future.failedFuture(error)
                        : vertx.timer(AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(waited -> caughtUp(group, deadlineNanos)));
    }

    /**
     * Completes when the journal is empty, which it stays, because the fence is up.
     *
     * @param deadlineNanos {@link System#nanoTime} after which it fails
     * @param isEnded whether somebody else has ended the move, so that the journal may never be empty
     */
    Future<Void> empty(
            String group, Side from, Collection<String> members, long deadlineNanos, BooleanSupplier isEnded) {
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadlineNanos - System.nanoTime()));
        Future<Void> replayed = caughtUp(group, from, left);
        return empty(group, from, deadlineNanos, isEnded, replayed)
                .compose(empty -> refuseLetters(from.other(), members));
    }

    /**
     * An entry leaves the journal when the other side has it, so nobody waits for the replay to find out that there is nothing
     * more: it may take a look of its own for that.
     */
    private Future<Void> empty(
            String group, Side from, long deadlineNanos, BooleanSupplier isEnded, Future<Void> replayed) {
        return isEmpty(group, from).compose(empty -> {
            if (empty) {
                return Future.succeededFuture();
            }
            if (isEnded.getAsBoolean()) {
                return Future.failedFuture(new StoppedException());
            }
            if (replayed.failed()) {
                return Future.failedFuture(replayed.cause());
            }
            return deadlineNanos - System.nanoTime() > 0
                    ? vertx.timer(SOON_MILLIS, TimeUnit.MILLISECONDS)
                            .compose(later -> empty(group, from, deadlineNanos, isEnded, replayed))
                    : Future.failedFuture(
                            new CutoverException("journal entries were left when the time for the move had passed."));
        });
    }

    private Future<Boolean> isEmpty(String group, Side from) {
        return database(from)
                .run(EMPTY, Tuple.of(group), true)
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** A row that the other side would not take is missing there. */
    Future<Void> refuseLetters(Side shadow, Collection<String> members) {
        return database(shadow)
                .run(LETTERS, Tuple.of((Object) members.toArray(String[]::new)), true)
                .map(rows -> rows.iterator().next().getLong(0))
                .compose(letters -> letters == 0
                        ? Future.succeededFuture()
                        : Future.failedFuture(new CutoverException("The " + shadow.label() + " database would not take "
                                + letters + " rows: see './crossfade dead-letters'.")));
    }

    private Future<Long> left(String group, Side from) {
        return database(from)
                .run(ENTRIES, Tuple.of(group), true)
                .map(rows -> rows.iterator().next().getLong(0));
    }

    private Database database(Side side) {
        return sides.find(side).orElseThrow();
    }
}
