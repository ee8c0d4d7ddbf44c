package io.crossfade.cutover;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.cutover.Reconciliation.Selection;
import io.crossfade.shadow.reconcile.AuthorityRows;
import io.crossfade.shadow.reconcile.AuthorityRows.Applied;
import io.crossfade.shadow.reconcile.UndecidedRows;
import io.crossfade.shadow.reconcile.UnreplayedRow;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/**
 * Applies the entries of one list, page by page. What the authority refuses, such as a row whose parent comes later on the
 * list, is tried again as long as that brings others further.
 */
final class Applying {
    private static final int PAGE = 200;

    private final UndecidedRows list;
    private final Function<UnreplayedRow, Future<AuthorityRows>> authority;
    private final boolean overwrite;
    private final Tally tally;

    Applying(
            UndecidedRows list,
            Function<UnreplayedRow, Future<AuthorityRows>> authority,
            boolean overwrite,
            Tally tally) {
        this.list = list;
        this.authority = authority;
        this.overwrite = overwrite;
        this.tally = tally;
    }

    Future<Void> run(Selection which) {
        Tally round = new Tally();
        return pages(which, 0, round).compose(done -> {
            if (round.sum() > 0 && !round.decided().refused().isEmpty()) {
                round.byGroup().forEach(tally::done);
                return run(which);
            }
            tally.add(round);
            return Future.succeededFuture();
        });
    }

    private Future<Void> pages(Selection which, long after, Tally round) {
        return list.page(which.repository(), which.id(), after, PAGE).compose(page -> {
            Future<Void> done = Future.succeededFuture();
            for (UnreplayedRow entry : page) {
                done = done.compose(before -> apply(entry, round));
            }
            return page.size() < PAGE
                    ? done
                    : done.compose(all -> pages(which, page.get(page.size() - 1).id(), round));
        });
    }

    private Future<Void> apply(UnreplayedRow entry, Tally round) {
        return authority
                .apply(entry)
                .compose(rows -> rows.apply(entry, overwrite))
                .compose(
                        applied -> {
                            if (applied == Applied.DONE) {
                                round.done(entry.group(), 1);
                                return list.remove(List.of(entry.id()));
                            }
                            if (applied == Applied.TABLE) {
                                round.table();
                            } else {
                                round.changedSince();
                            }
                            return Future.succeededFuture();
                        },
                        error -> {
                            if (error instanceof DatabaseFailure said) {
                                round.refused(said.code());
                                return Future.succeededFuture();
                            }
                            return Future.failedFuture(error);
                        });
    }
}
