package io.crossfade.cutover;

import io.crossfade.agreement.Agreement;
import io.crossfade.call.DatabaseFailure;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.Reconciled;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.By;
import io.crossfade.shadow.DeadLetterDesk;
import io.crossfade.shadow.reconcile.AuthorityRows;
import io.crossfade.shadow.reconcile.AuthorityRows.Present;
import io.crossfade.shadow.reconcile.Queries;
import io.crossfade.shadow.reconcile.UndecidedRows;
import io.crossfade.shadow.reconcile.UnreplayedRow;
import io.crossfade.shadow.watch.Standing;
import io.crossfade.sides.Database;
import io.crossfade.sides.Mask;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where operators decide about the rows that a side had written and the other lacked when it took the writes: each is applied
 * to the authority, or discarded, and in both cases both sides hold the same row afterwards.
 *
 * <p>Applying never overwrites what was written on the authority since, unless that is asked for. The decision is carried out
 * on the authority first and taken off the list then: where the process dies in between, it is still on the list and can be
 * made once more.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class Reconciliation {
    private static final Set<String> NOT_INSTALLED = Set.of("42P01", "3F000");

    private final Sides sides;
    private final Agreement agreement;
    private final Observer observer;

    public Reconciliation(Sides sides, Agreement agreement, Observer observer) {
        this.sides = sides;
        this.agreement = agreement;
        this.observer = observer;
    }

    /**
     * Which entries a decision is about.
     *
     * @param side with {@code id}: of one entry; null for both sides
     * @param id of one entry; null for all
     * @param repository only this one's; null for all
     */
    public record Selection(
            @Nullable Side side,
            @Nullable Long id,
            @Nullable String repository) {
        /** One entry. */
        public static Selection one(Side side, long id) {
            return new Selection(side, id, null);
        }

        /** All of one repository. */
        public static Selection of(String repository) {
            return new Selection(null, null, repository);
        }

        /** All there are. */
        public static Selection everything() {
            return new Selection(null, null, null);
        }
    }

    /** How many entries wait for a decision, by group; groups without any are left out. Fails where a side does not answer. */
    public Future<Map<String, Long>> counts() {
        List<Future<Map<String, Long>>> asked = new ArrayList<>();
        sides.all().forEach(side -> asked.add(installed(new UndecidedRows(on(side)).counts(), Map.of())));
        return Future.join(asked).map(all -> {
            Map<String, Long> counts = new TreeMap<>();
            asked.forEach(one -> one.result().forEach((group, count) -> counts.merge(group, count, Long::sum)));
            return counts;
        });
    }

    /** How many entries of a group wait for a decision: while there are any, it is not ready to go forward. */
    public Future<Long> left(String group) {
        return counts().map(counts -> counts.getOrDefault(group, 0L));
    }

    /**
     * The entries with both images, the oldest of each side first.
     *
     * @param most how many at most, of each side
     * @param reveal whether the values themselves are wanted, which may be personal data
     */
    public Future<List<Undecided>> list(Selection which, int most, boolean reveal) {
        Future<List<Undecided>> listed = Future.succeededFuture(new ArrayList<>());
        for (Database side : sidesOf(which)) {
            UndecidedRows undecided = new UndecidedRows(on(side));
            Future<List<UnreplayedRow>> page =
                    installed(undecided.page(which.repository(), which.id(), 0, most), List.of());
            listed = listed.compose(before -> page.compose(entries -> entries.isEmpty()
                    ? Future.succeededFuture(before)
                    : Mask.of(side).compose(mask -> shown(side, entries, new Masking(mask, reveal), before))));
        }
        return listed;
    }

    private Future<List<Undecided>> shown(
            Database side, List<UnreplayedRow> entries, Masking masking, List<Undecided> shown) {
        Future<List<Undecided>> done = Future.succeededFuture(shown);
        for (UnreplayedRow entry : entries) {
            done = done.compose(all -> present(entry).map(found -> {
                all.add(masking.show(side.side(), entry, found));
                return all;
            }));
        }
        return done;
    }

    private Future<@Nullable Present> present(UnreplayedRow entry) {
        return entry.table()
                ? Future.succeededFuture()
                : rowsOf(entry).compose(rows -> rows.find(entry)).map(found -> found);
    }

    /**
     * Makes the rows of the authority what the entries say.
     *
     * @param overwrite also where a row was written on the authority since it took the writes
     */
    public Future<Decided> apply(Selection which, boolean overwrite, By by) {
        return decide(
                which, "apply", by, (list, tally) -> new Applying(list, this::rowsOf, overwrite, tally).run(which));
    }

    /** Gives the entries up: the authority's rows are brought to the side that had written them. */
    public Future<Decided> discard(Selection which, By by) {
        return decide(which, "discard", by, (list, tally) -> new Discarding(list, this::rowsOf, tally).run(which));
    }

    private Future<Decided> decide(Selection which, String action, By by, OfOneSide decision) {
        Tally tally = new Tally();
        Future<Void> done = Future.succeededFuture();
        for (Database side : sidesOf(which)) {
            // A side that is away keeps nobody from deciding about the other's entries.
            done = done.compose(before -> installed(
                            decision.decide(new UndecidedRows(on(side)), tally).map(true), false)
                    .<Void>mapEmpty()
                    .recover(error -> {
                        tally.problem("The list on " + side.side().label() + " could not be worked off: "
                                + DeadLetterDesk.reason(error) + ".");
                        return Future.succeededFuture();
                    }));
        }
        return done.map(all -> {
            tally.byGroup()
                    .forEach((group, count) -> observer.observe(new Reconciled(action, group, by.operator(), count)));
            return tally.decided();
        });
    }

    private Future<AuthorityRows> rowsOf(UnreplayedRow entry) {
        return authority(entry.group()).map(authority -> new AuthorityRows(on(authority)));
    }

    private Future<Database> authority(String group) {
        Standing standing = agreement.standing(group);
        return standing == null
                ? Future.failedFuture("the authority of group " + group + " is on its way: try again in a moment")
                : Future.succeededFuture(sides.find(standing.authority()).orElseThrow());
    }

    private List<Database> sidesOf(Selection which) {
        return sides.all().stream()
                .filter(side -> which.side() == null || which.side() == side.side())
                .toList();
    }

    private static Queries on(Database side) {
        return (sql, values) -> side.run(sql, values, false);
    }

    /** Without an installation there is nothing to decide about. */
    private static <T extends @Nullable Object> Future<T> installed(Future<T> answer, T without) {
        return answer.recover(error -> error instanceof DatabaseFailure said && NOT_INSTALLED.contains(said.code())
                ? Future.succeededFuture(without)
                : Future.failedFuture(error));
    }

    @FunctionalInterface
    private interface OfOneSide {
        Future<Void> decide(UndecidedRows list, Tally tally);
    }
}
