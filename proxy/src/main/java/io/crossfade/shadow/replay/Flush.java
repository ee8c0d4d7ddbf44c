package io.crossfade.shadow.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends a snapshot of the authority, and makes sure that a crash of it cannot take back what was seen. Where the last
 * snapshots were ahead of the log, this one is taken to be so too, and the log is flushed without being asked first.
 */
final class Flush {
    private static final int MOST_FLUSHES = 50;

    /** Commits by itself, and a commit that is waited for flushes everything before it. */
    private static final String FLUSH = "SELECT pg_catalog.pg_logical_emit_message(true, 'crossfade', '')";

    /** After so many flushes that nobody asked for, it is asked again. */
    private static final int FLUSHES_IN_ADVANCE = 100;

    private final Session authority;
    private int inAdvance;

    Flush(Session authority) {
        this.authority = authority;
    }

    /** Sends the end of the transaction, and the question. */
    Ending end(String seen) {
        Future<RowSet<Row>> committed = authority.send("COMMIT");
        Future<RowSet<Row>> flush = inAdvance > 0 ? authority.send(FLUSH) : null;
        inAdvance = Math.max(0, inAdvance - 1);
        return new Ending(committed, flush, authority.send(question(seen)));
    }

    /** Waits until it is safe. */
    void await(String seen, Ending ending) {
        authority.await(ending.committed());
        if (ending.flush() != null) {
            authority.await(ending.flush());
        }
        boolean safe = isYes(ending.answer());
        for (int attempt = 0; !safe; attempt++) {
            inAdvance = FLUSHES_IN_ADVANCE;
            if (attempt == MOST_FLUSHES) {
                throw new IllegalStateException("the authority has not flushed what it shows");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(attempt));
            Future<RowSet<Row>> flush = authority.send(FLUSH);
            Future<RowSet<Row>> answer = authority.send(question(seen));
            authority.await(flush);
            safe = isYes(answer);
        }
    }

    private boolean isYes(Future<RowSet<Row>> answer) {
        return authority.await(answer).iterator().next().getBoolean(0);
    }

    private static String question(String seen) {
        return "SELECT pg_current_wal_flush_lsn() >= '" + seen + "'::pg_lsn";
    }

    /** What was sent. */
    record Ending(Future<RowSet<Row>> committed, @Nullable Future<RowSet<Row>> flush, Future<RowSet<Row>> answer) {}
}
