package io.crossfade.mismatch;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.crossfade.migration.Side;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Predicate;

/**
 * Asks the sides now and then what was compared. The connections it uses are those of the application, so it uses one of each
 * side at a time: while an answer is awaited nothing more is asked, and neither is a side that is known not to answer.
 *
 * <p>Threads: any; nothing blocks.
 */
final class Looking {
    private final List<MismatchReader> sides;
    private final Predicate<Side> answers;
    private final ComparedReads reads;
    private final MismatchDesk desk;
    private Future<Void> underWay = Future.succeededFuture();

    /** @param answers whether a side is known to answer */
    Looking(List<MismatchReader> sides, Predicate<Side> answers, ComparedReads reads, MismatchDesk desk) {
        this.sides = List.copyOf(sides);
        this.answers = answers;
        this.reads = reads;
        this.desk = desk;
    }

    /** Asks, unless what was asked before is not answered yet; never fails. What is not answered is asked again the next time. */
    @CanIgnoreReturnValue
    synchronized Future<Void> look() {
        if (underWay.isComplete()) {
            underWay = reads.look(ready()).compose(done -> desk.look(ready()));
        }
        return underWay;
    }

    private List<MismatchReader> ready() {
        return sides.stream()
                .filter(reader -> answers.test(reader.side().side()) && reader.isWorthAsking())
                .toList();
    }
}
