package io.crossfade.cutover;

import io.crossfade.agreement.Agreement;
import io.crossfade.migration.Side;
import io.crossfade.shadow.install.Autovacuum;
import io.crossfade.shadow.install.Runner;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Keeps autovacuum away from the tables of one group on both sides while its authority moves. Whatever fails to let it begin
 * again is made up for by {@link Autovacuum#wakeForgotten}.
 *
 * <p>Threads: any; one call at a time.
 */
final class Quiet {
    private final Sides sides;
    private final Agreement agreement;
    private final String group;
    private final Map<Side, Set<Long>> notes = new EnumMap<>(Side.class);

    Quiet(Sides sides, Agreement agreement, String group) {
        this.sides = sides;
        this.agreement = agreement;
        this.group = group;
    }

    /** Fails with a sentence for the operator where the tables are in use for too long. */
    Future<Void> begin(Set<String> members) {
        Future<Void> legacy = begin(Side.LEGACY, members);
        Future<Void> target = begin(Side.TARGET, members);
        return Future.join(legacy, target)
                .<Void>mapEmpty()
                .recover(error -> end().transform(woken -> Future.failedFuture(error)));
    }

    private Future<Void> begin(Side side, Set<String> members) {
        return Autovacuum.quiet(runner(sides, side), members)
                .<Void>map(kept -> {
                    note(side, kept);
                    return null;
                })
                .recover(
                        error -> Future.failedFuture(
                                new CutoverException(
                                        "Autovacuum could not be kept away from the tables, because "
                                                + Reasons.of(side, error)
                                                + " Wait for a VACUUM, CREATE INDEX or ALTER TABLE that is under way, and try again.")));
    }

    private synchronized void note(Side side, Set<Long> kept) {
        notes.put(side, kept);
    }

    /** Lets it begin again, unless somebody else is moving the group now and needs it to be away. */
    Future<Void> end() {
        return agreement
                .look(group)
                .compose(rows -> rows.leaving() != null ? Future.succeededFuture() : wake())
                .otherwiseEmpty();
    }

    private synchronized Future<Void> wake() {
        return Future.join(notes.entrySet().stream()
                        .map(kept -> Autovacuum.wake(runner(sides, kept.getKey()), kept.getValue()))
                        .toList())
                .mapEmpty();
    }

    /** Statements on a side, each in a transaction of its own. */
    static Runner runner(Sides sides, Side side) {
        return (sql, values) -> sides.find(side).orElseThrow().run(sql, values, false);
    }
}
