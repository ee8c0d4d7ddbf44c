package io.crossfade.mismatch;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.crossfade.call.CallFailure;
import io.crossfade.call.DatabaseFailure;
import io.crossfade.mismatch.Outbox.Findings;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Brings what is in an outbox to one side, one batch at a time. A side that does not answer is tried again, with pauses that
 * grow; meanwhile the outbox holds what comes.
 *
 * <p>Threads: any.
 */
final class Delivery {
    private static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 30_000_000_000L;

    private final Outbox outbox;
    private final MismatchWriter writer;
    private final Tidying tidying;
    private final Consumer<Map<GroupKey, Pending>> onOpened;
    private final Observer observer;
    private final LongSupplier nanos;
    private Future<Void> underWay = Future.succeededFuture();
    private long pause;
    private long notBefore;
    private boolean told;

    /** @param onOpened gets the groups that this side has as confirmed since it was written */
    Delivery(
            Outbox outbox,
            MismatchWriter writer,
            Tidying tidying,
            Consumer<Map<GroupKey, Pending>> onOpened,
            Observer observer,
            LongSupplier nanos) {
        this.outbox = outbox;
        this.writer = writer;
        this.tidying = tidying;
        this.onOpened = onOpened;
        this.observer = observer;
        this.nanos = nanos;
        this.notBefore = nanos.getAsLong();
    }

    Outbox outbox() {
        return outbox;
    }

    /** Sends what there is, unless something is under way or it is too early to try again; never fails. */
    @CanIgnoreReturnValue
    synchronized Future<Void> tick() {
        if (!underWay.isComplete() || nanos.getAsLong() - notBefore < 0) {
            return underWay;
        }
        Findings findings = outbox.next();
        if (findings != null) {
            underWay = writer.write(findings)
                    .compose(opened -> {
                        written();
                        onOpened.accept(opened);
                        return findings.groups().isEmpty() ? Future.succeededFuture() : tidying.bound();
                    })
                    .recover(error -> {
                        failed(error);
                        return Future.succeededFuture();
                    });
        }
        return underWay;
    }

    /** Ends with what is being written now, successfully in any case. */
    synchronized Future<Void> underWay() {
        return underWay;
    }

    /** Whether the last that was to be written could not be. */
    synchronized boolean isFailing() {
        return pause > 0;
    }

    private synchronized void written() {
        outbox.done();
        pause = 0;
        told = false;
    }

    private synchronized void failed(Throwable error) {
        pause = Math.min(LONGEST_PAUSE_NANOS, Math.max(FIRST_PAUSE_NANOS, 2 * pause));
        notBefore = nanos.getAsLong() + pause;
        if (error instanceof DatabaseFailure said && isOurs(said.code())) {
            // It would be refused for ever, and everything behind it with it.
            outbox.done();
        }
        // That a side is down is told elsewhere, and without an installation there is nothing to compare.
        if (!told && !(error instanceof CallFailure) && !MismatchReader.isNotInstalled(error)) {
            told = true;
            observer.observe(new Unexpected("keeping mismatches", error));
        }
    }

    /** Wrong values and broken constraints: the fault is in what was sent. */
    private static boolean isOurs(String sqlState) {
        return sqlState.startsWith("22") || sqlState.startsWith("23");
    }
}
