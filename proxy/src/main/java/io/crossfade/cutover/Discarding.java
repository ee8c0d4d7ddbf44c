package io.crossfade.cutover;

import io.crossfade.cutover.Reconciliation.Selection;
import io.crossfade.shadow.reconcile.AuthorityRows;
import io.crossfade.shadow.reconcile.UndecidedRows;
import io.crossfade.shadow.reconcile.UnreplayedRow;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Discards the entries of one list, page by page. */
final class Discarding {
    private static final int PAGE = 500;

    private final UndecidedRows list;
    private final Function<UnreplayedRow, Future<AuthorityRows>> authority;
    private final Tally tally;

    Discarding(UndecidedRows list, Function<UnreplayedRow, Future<AuthorityRows>> authority, Tally tally) {
        this.list = list;
        this.authority = authority;
        this.tally = tally;
    }

    Future<Void> run(Selection which) {
        return list.page(which.repository(), which.id(), 0, PAGE).compose(page -> {
            Map<String, List<UnreplayedRow>> byRepository = new TreeMap<>();
            page.forEach(entry -> byRepository
                    .computeIfAbsent(entry.repository(), name -> new ArrayList<>())
                    .add(entry));
            Future<Void> done = Future.succeededFuture();
            for (Map.Entry<String, List<UnreplayedRow>> some : byRepository.entrySet()) {
                done = done.compose(before -> discard(some.getKey(), some.getValue()));
            }
            return page.size() < PAGE ? done : done.compose(all -> run(which));
        });
    }

    private Future<Void> discard(String repository, List<UnreplayedRow> entries) {
        UnreplayedRow any = entries.get(0);
        return authority
                .apply(any)
                .compose(rows -> rows.discard(repository, entries))
                .compose(journalled ->
                        list.remove(entries.stream().map(UnreplayedRow::id).toList()))
                .onSuccess(removed -> tally.done(any.group(), entries.size()));
    }
}
